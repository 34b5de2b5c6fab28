/* SVE, at whatever length its vectors have; sdot is part of it. */
#include "suites/peaks/loops.h"

#include <arm_sve.h>

#define IN_REGISTER "w"
#include "suites/peaks/scalable.inc"

#define MAC_F32(sum, b, lanes) svmla_f32_x(svptrue_b32(), sum, b, b)
#define MAC_I8(sum, b, lanes) svdot_s32(sum, b, b)

SCALABLE_LOOP(f32, svcntw(), svfloat32_t, svdup_f32(0), svfloat32_t, svdup_f32(0.73F), MAC_F32)
SCALABLE_LOOP(i8, svcntb(), svint32_t, svdup_s32(0), svint8_t, svdup_s8(-53), MAC_I8)

extern const struct peak_isa peak_isa_sve;
const struct peak_isa peak_isa_sve = {
    .name = "sve",
    .features = ASSAY_FEATURE_SVE,
    .macs = {[PEAK_F32] = f32, [PEAK_I8] = i8},
};
