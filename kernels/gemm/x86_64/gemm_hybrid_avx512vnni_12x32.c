/* hybrid: the integer tile of gemm_i8_avx512vnni_12x32, with sums that are scaled to float as they are stored. Beside
 * its steps a tile takes 90 cycles: 97 % of vpdpbusd's bound with 512 inputs, 90 % with 128. */
enum { MR = 12 };
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/hybrid_tile.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vnni_12x32, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, HYBRID_TILE,
                   .cost = {.row = 2, .step = 2.8, .store = 6, .tile = 38});
