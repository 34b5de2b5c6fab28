/* fp32, NEON: the tile of neon_float.h with nothing converted. */
#define TILE_INPUT float
#define TILE_WEIGHT float
#define TILE_ROWS 6
#define TILE_COLUMNS 16
#include "kernels/gemm/aarch64/neon_float.h"

ASSAY_IGEMM_KERNEL(f32_neon_6x16, ASSAY_MODE_FP32, ASSAY_ACC_F32, MR, NR, NULL, 1, tile);
