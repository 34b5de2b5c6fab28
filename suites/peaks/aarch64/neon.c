/* NEON of Armv8.0: int8 by smull, smlal2 and sadalp, 16 products in three instructions, as sums of two products of
 * symmetric weights fit 16 bits; 16 bits by smlal. */
#include "suites/peaks/loops.h"

#include <arm_neon.h>

#define IN_REGISTER "w"
#define VECTOR int32x4_t
#include "suites/peaks/macs.inc"
#include "suites/peaks/memory.inc"

static inline int32x4_t mac_i16(int32x4_t sum, int16x8_t a, int16x8_t b)
{
    return vmlal_high_s16(sum, a, b);
}

static inline int32x4_t mac_i8(int32x4_t sum, int8x16_t a, int8x16_t b)
{
    return vpadalq_s16(sum, vmlal_high_s8(vmull_s8(vget_low_s8(a), vget_low_s8(b)), a, b));
}

MACS_LOOP(f32, 16, float32x4_t, vdupq_n_f32(0), float32x4_t, vdupq_n_f32(1.37F), vdupq_n_f32(0.73F), vfmaq_f32, 4)
MACS_LOOP(i16, 16, int32x4_t, vdupq_n_s32(0), int16x8_t, vdupq_n_s16(-1234), vdupq_n_s16(567), mac_i16, 4)
MACS_LOOP(i8, 16, int32x4_t, vdupq_n_s32(0), int8x16_t, vdupq_n_s8(97), vdupq_n_s8(-53), mac_i8, 16)

extern const struct peak_isa peak_isa_neon;
const struct peak_isa peak_isa_neon = {
    .name = "neon",
    .macs = {[PEAK_F32] = f32, [PEAK_I16] = i16, [PEAK_I8] = i8},
    .read = read_bytes,
    .write = write_bytes,
    .copy = copy_bytes,
    .mix = mix_bytes,
};
