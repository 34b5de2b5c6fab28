/* hybrid: the strips of gemm_hybrid_avx512vnni_6x32, which read windows of few channels woven into one tap. */
enum { MR = 6 };
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/hybrid_strip.h"
#include "kernels/gemm/x86_64/weave_vbmi.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vbmi_6x32, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, strip, HYBRID_TILE,
                   HYBRID_STRIP, .weave = weave,
                   .cost = {.row = 2, .step = 2.8, .store = 2.2, .tile = 3, .strip = 60, .own = 6});
