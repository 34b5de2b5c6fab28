/* sdot. */
#include "suites/peaks/loops.h"

#include <arm_neon.h>

#define IN_REGISTER "w"
#include "suites/peaks/macs.inc"

MACS_LOOP(i8, 16, int32x4_t, vdupq_n_s32(0), int8x16_t, vdupq_n_s8(97), vdupq_n_s8(-53), vdotq_s32, 16)

extern const struct peak_isa peak_isa_neondot;
const struct peak_isa peak_isa_neondot = {
    .name = "neondot", .features = ASSAY_FEATURE_DOTPROD, .macs = {[PEAK_I8] = i8}};
