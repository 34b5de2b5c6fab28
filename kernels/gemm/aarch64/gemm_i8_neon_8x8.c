/* int8 by smull, smlal and sadalp: the tile of neon_mull.h with the fixed-point epilogue. */
#define TILE_INT8
#include "kernels/gemm/aarch64/neon_mull.h"

ASSAY_IGEMM_KERNEL(i8_neon_8x8, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, KR, tile);
