/* fp16w, NEON: the tile of neon_float.h with weights widened as they are loaded. */
#define TILE_INPUT float
#define TILE_WEIGHT assay_f16
#define TILE_ROWS 8
#define TILE_COLUMNS 8
#include "kernels/gemm/aarch64/neon_float.h"

ASSAY_IGEMM_KERNEL(f16w_neon_8x8, ASSAY_MODE_FP16W, ASSAY_ACC_F32, MR, NR, NULL, 1, tile);
