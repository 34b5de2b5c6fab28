/* hybrid: strips of tiles of half as many sums as registers allow, each of which ends beside the steps of the next. */
enum { MR = 6 };
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/hybrid_strip.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vnni_6x32, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, strip, HYBRID_TILE,
                   HYBRID_STRIP, .cost = {.row = 2, .step = 2.8, .store = 2.2, .tile = 3, .strip = 60, .own = 6});
