/* hybrid: the products of gemm_i8_avx512vnni_6x64 without its flips of signs, and sums that are scaled to float as they
 * are stored. Beside its steps a tile takes 75 cycles, or 50 where its rows share a scale, as a convolution's do: 98 %
 * of vpdpbusd's bound with 512 inputs, 91 to 94 % with 128. */
enum { MR = 6 };
#define TILE_VECTORS 4
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/hybrid_tile.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vnni_6x64, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, HYBRID_TILE,
                   .cost = {.row = 4, .step = 5.3, .store = 10, .tile = 45});
