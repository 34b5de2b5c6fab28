/* hybrid: the strips of gemm_hybrid_avx512vnni_12x16, bound by vpdpbusd as they are, which read windows of few channels
 * woven into one tap, as gemm_hybrid_avx512vbmi_6x32 does: 57 % of the bound in 32x32x3 to 16. */
enum { MR = 12 };
#define TILE_VECTORS 1
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/hybrid_strip.h"
#include "kernels/gemm/x86_64/weave_vbmi.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vbmi_12x16, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, strip, HYBRID_TILE,
                   HYBRID_STRIP, .weave = weave,
                   .cost = {.row = 1.02, .step = 1.6, .store = 1.7, .tile = 5, .strip = 60, .own = 3});
