/* hybrid: the products of gemm_i8_avx512vnni_12x32 without its flips of signs, and sums that are scaled to float as
 * they are stored. Beside its steps a tile takes 65 to 75 cycles, of which its 24 stores are 55: 97 % of vpdpbusd's
 * bound with 512 inputs, 91 % with 128. */
enum { MR = 12 };
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/hybrid_tile.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vnni_12x32, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, HYBRID_TILE,
                   .cost = {.row = 2, .step = 2.8, .store = 6, .tile = 38});
