/* int8, 16 sums at once, in float: for 4 of them two widenings, two conversions, two multiply-adds and one conversion
 * back; the first widening, narrowing, the zero point and the range are common to 8 or 16. 42 vector instructions for
 * 16 sums: bound by them, not by its 3 loads and stores. The last sums are made in copies of 16. */
#include "kernels/add/integer.h"

#include <arm_neon.h>
#include <string.h>

enum { SUMS = 16 };

struct formula {
    float32x4_t a_factor, b_factor, offset;
    int16x8_t zero;
    int8x16_t low, high;
};

static inline struct formula formula_of(const struct assay_add_integer *packed)
{
    return (struct formula){
        .a_factor = vdupq_n_f32(packed->a_factor),
        .b_factor = vdupq_n_f32(packed->b_factor),
        .offset = vdupq_n_f32(packed->offset),
        .zero = vdupq_n_s16((int16_t)packed->sum.zero),
        .low = vdupq_n_s8((int8_t)packed->low),
        .high = vdupq_n_s8((int8_t)packed->high),
    };
}

static inline int32x4_t sum4(const struct formula *f, int16x4_t a, int16x4_t b)
{
    const float32x4_t real_a = vcvtq_f32_s32(vmovl_s16(a)), real_b = vcvtq_f32_s32(vmovl_s16(b));
    return vcvtnq_s32_f32(vfmaq_f32(vfmaq_f32(f->offset, real_b, f->b_factor), real_a, f->a_factor));
}

static inline int16x8_t sum8(const struct formula *f, int16x8_t a, int16x8_t b)
{
    const int16x4_t first = vqmovn_s32(sum4(f, vget_low_s16(a), vget_low_s16(b)));
    const int32x4_t second = sum4(f, vget_high_s16(a), vget_high_s16(b));
    return vqaddq_s16(vqmovn_high_s32(first, second), f->zero);
}

static inline void sum16(const struct formula *f, const int8_t *a, const int8_t *b, int8_t *out)
{
    const int8x16_t all_a = vld1q_s8(a), all_b = vld1q_s8(b);
    const int8x8_t first = vqmovn_s16(sum8(f, vmovl_s8(vget_low_s8(all_a)), vmovl_s8(vget_low_s8(all_b))));
    const int8x16_t bytes = vqmovn_high_s16(first, sum8(f, vmovl_high_s8(all_a), vmovl_high_s8(all_b)));
    vst1q_s8(out, vminq_s8(vmaxq_s8(bytes, f->low), f->high));
}

static void fitted(const struct assay_add_integer *packed, const int8_t *a, const int8_t *b, int8_t *out, size_t count)
{
    const struct formula f = formula_of(packed);
    size_t i = 0;
    for (; count - i >= SUMS; i += SUMS)
        sum16(&f, a + i, b + i, out + i);
    if (i < count) {
        int8_t last_a[SUMS] = {0}, last_b[SUMS] = {0}, last[SUMS];
        memcpy(last_a, a + i, count - i);
        memcpy(last_b, b + i, count - i);
        sum16(&f, last_a, last_b, last);
        memcpy(out + i, last, count - i);
    }
}

#include "kernels/add/byte_run.h"

ASSAY_ADD_INTEGER_KERNEL(add_i8_neon, ASSAY_MODE_INT8, SUMS, .pack = pack);
