/* hybrid: strips of tiles of half as many sums as registers allow, each of which ends beside the steps of the next; for
 * 16 columns. */
enum { MR = 12 };
#define TILE_VECTORS 1
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/hybrid_strip.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vnni_12x16, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, strip, HYBRID_TILE,
                   HYBRID_STRIP, .cost = {.row = 1.02, .step = 1.6, .store = 1.7, .tile = 5, .strip = 60, .own = 3});
