/* hybrid: the integer tile of gemm_i8_avxvnni_6x16, with sums that are scaled to float as they are stored. */
enum { MR = 6 };
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/hybrid_tile.h"

ASSAY_IGEMM_KERNEL(hybrid_avxvnni_6x16, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, HYBRID_TILE);
