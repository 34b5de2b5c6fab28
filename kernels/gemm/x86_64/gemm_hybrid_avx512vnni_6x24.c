/* hybrid: strips as those of 6x32, of a vector and half a one: a step takes 10 cycles, 9 at the
 * peak, all else 12 to 15 a tile. For 24 columns, of which 6x32 would compute 32. */
enum { MR = 6 };
#define HALF_LAST
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/hybrid_strip.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vnni_6x24, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, strip, HYBRID_TILE,
                   HYBRID_STRIP, .cost = {.row = 1.55, .step = 2.5, .store = 3, .tile = 3, .strip = 60, .own = 6});
