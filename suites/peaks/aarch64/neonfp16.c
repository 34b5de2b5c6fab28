/* Half arithmetic of Armv8.2. */
#include "suites/peaks/loops.h"

#include <arm_neon.h>

#define IN_REGISTER "w"
#include "suites/peaks/macs.inc"

MACS_LOOP(f16, 16, float16x8_t, vdupq_n_f16(0), float16x8_t, vdupq_n_f16((float16_t)1.37F),
          vdupq_n_f16((float16_t)0.73F), vfmaq_f16, 8)

extern const struct peak_isa peak_isa_neonfp16;
const struct peak_isa peak_isa_neonfp16 = {
    .name = "neonfp16", .features = ASSAY_FEATURE_FP16, .macs = {[PEAK_F16] = f16}};
