/* smmla: 2 x 8 by 8 x 2. */
#include "suites/peaks/loops.h"

#include <arm_neon.h>

#define IN_REGISTER "w"
#include "suites/peaks/macs.inc"

MACS_LOOP(i8, 16, int32x4_t, vdupq_n_s32(0), int8x16_t, vdupq_n_s8(97), vdupq_n_s8(-53), vmmlaq_s32, 32)

extern const struct peak_isa peak_isa_neoni8mm;
const struct peak_isa peak_isa_neoni8mm = {.name = "neoni8mm",
                                           .features = ASSAY_FEATURE_FP16 | ASSAY_FEATURE_DOTPROD | ASSAY_FEATURE_I8MM,
                                           .macs = {[PEAK_I8] = i8}};
