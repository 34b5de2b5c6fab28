/* hybrid: strips as those of 6x32, of 16 columns, which wider tiles would compute twice. Beside its 12 cycles a step a
 * tile takes 12 to 15: 88 % of vpdpbusd's bound with 32 inputs. */
enum { MR = 12 };
#define TILE_VECTORS 1
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/hybrid_strip.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vnni_12x16, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, strip, HYBRID_TILE,
                   HYBRID_STRIP, .cost = {.row = 1.02, .step = 1.6, .store = 1.7, .tile = 5, .strip = 60, .own = 3});
