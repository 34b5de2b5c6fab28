/* int8 by smmla: the tile of neon_i8mm.h with the fixed-point epilogue. */
#define TILE_INT8
#include "kernels/gemm/aarch64/neon_i8mm.h"

ASSAY_IGEMM_KERNEL(i8_neoni8mm_6x16, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, KR, tile);
