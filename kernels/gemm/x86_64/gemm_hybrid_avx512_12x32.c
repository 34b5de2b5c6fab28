/* hybrid: the integer tile of gemm_i8_avx512_12x32, with sums that are scaled to float as they are stored. */
enum { MR = 12 };
#define DOT_BYTES 2
#include "kernels/gemm/x86_64/hybrid_tile.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512_12x32, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 2, tile, HYBRID_TILE);
