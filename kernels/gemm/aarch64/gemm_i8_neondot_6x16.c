/* int8 by sdot: the tile of neon_dot.h with the fixed-point epilogue. */
#define TILE_INT8
#include "kernels/gemm/aarch64/neon_dot.h"

ASSAY_IGEMM_KERNEL(i8_neondot_6x16, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, KR, tile);
