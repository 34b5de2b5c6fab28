/* hybrid: strips of tiles of half as many sums as registers allow, each of which ends beside the steps of the next. A
 * step takes 12 cycles, all else 12 to 15 a tile, 12 of them multiply-adds, where rows share a scale as a convolution's
 * do: 88 % of vpdpbusd's bound with 32 inputs, 97 % with 128; half of that where they don't. */
enum { MR = 6 };
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/hybrid_strip.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vnni_6x32, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, strip, HYBRID_TILE,
                   HYBRID_STRIP, .cost = {.row = 2, .step = 2.8, .store = 2.2, .tile = 3, .strip = 60, .own = 6});
