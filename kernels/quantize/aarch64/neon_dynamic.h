/* Dynamic quantization of rows by NEON, equal to the definition in kernels/quantize/dynamic.h to the bit: scaling is
 * one multiplication, fcvtns rounds to nearest even, and the narrowing saturates where the definition clamps. */
#ifndef ASSAY_KERNELS_QUANTIZE_AARCH64_NEON_DYNAMIC_H
#define ASSAY_KERNELS_QUANTIZE_AARCH64_NEON_DYNAMIC_H

#include "kernels/quantize/dynamic.h"

#include <arm_neon.h>

static inline void neon_row_range(const float *x, size_t count, float *min, float *max)
{
    float32x4_t low[4], high[4];
    for (size_t j = 0; j < 4; j++) {
        low[j] = vdupq_n_f32(*min);
        high[j] = vdupq_n_f32(*max);
    }
    for (; count >= 16; count -= 16, x += 16)
        for (size_t j = 0; j < 4; j++) {
            const float32x4_t v = vld1q_f32(x + 4 * j);
            low[j] = vminq_f32(low[j], v);
            high[j] = vmaxq_f32(high[j], v);
        }
    for (; count >= 4; count -= 4, x += 4) {
        const float32x4_t v = vld1q_f32(x);
        low[0] = vminq_f32(low[0], v);
        high[0] = vmaxq_f32(high[0], v);
    }
    for (; count > 0; count--, x++) {
        const float32x4_t v = vld1q_dup_f32(x);
        low[0] = vminq_f32(low[0], v);
        high[0] = vmaxq_f32(high[0], v);
    }
    *min = vminvq_f32(vminq_f32(vminq_f32(low[0], low[1]), vminq_f32(low[2], low[3])));
    *max = vmaxvq_f32(vmaxq_f32(vmaxq_f32(high[0], high[1]), vmaxq_f32(high[2], high[3])));
}

static inline int16x8_t neon_quantize8(float32x4_t low, float32x4_t high, float inverse_scale, int16x8_t zero)
{
    const int16x4_t q = vqmovn_s32(vcvtnq_s32_f32(vmulq_n_f32(low, inverse_scale)));
    return vqaddq_s16(vqmovn_high_s32(q, vcvtnq_s32_f32(vmulq_n_f32(high, inverse_scale))), zero);
}

static inline void neon_row_quantize(const float *x, size_t count, struct assay_row_quantization row, int8_t *q)
{
    const float inverse_scale = 1.0f / row.scale;
    const int16x8_t zero = vdupq_n_s16((int16_t)row.zero);
    for (; count >= 16; count -= 16, x += 16, q += 16) {
        const int16x8_t first = neon_quantize8(vld1q_f32(x), vld1q_f32(x + 4), inverse_scale, zero);
        const int16x8_t second = neon_quantize8(vld1q_f32(x + 8), vld1q_f32(x + 12), inverse_scale, zero);
        vst1q_s8(q, vqmovn_high_s16(vqmovn_s16(first), second));
    }
    for (; count > 0; count--, x++, q++) {
        const float32x4_t v = vld1q_dup_f32(x);
        vst1_lane_s8(q, vqmovn_s16(neon_quantize8(v, v, inverse_scale, zero)), 0);
    }
}

#endif
