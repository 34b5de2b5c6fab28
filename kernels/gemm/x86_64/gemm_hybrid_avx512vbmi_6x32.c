/* hybrid: the strips of gemm_hybrid_avx512vnni_6x32, bound by vpdpbusd as they are, which read windows of few channels
 * woven into one tap: 7 steps for 27 inputs, by lines 9. 62 % of the bound in 224x224x3 to 32, where the range's pass,
 * quantizing and weaving are most of the rest (docs/limits/int8.md). */
enum { MR = 6 };
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/hybrid_strip.h"
#include "kernels/gemm/x86_64/weave_vbmi.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vbmi_6x32, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, strip, HYBRID_TILE,
                   HYBRID_STRIP, .weave = weave,
                   .cost = {.row = 2, .step = 2.8, .store = 2.2, .tile = 3, .strip = 60, .own = 6});
