/* assay_rescale64() (kernels/core/fixed_point.h) in vectors: of columns, one vector of LANES at a time, whose even and
 * odd columns are kept apart as lanes of 64 bits. out = (sum * factor + offset) >> shift, with the bias and the
 * rounding folded into the offset: all modulo 2^64, as the sum is. */
#ifndef ASSAY_KERNELS_CORE_X86_64_RESCALE64_H
#define ASSAY_KERNELS_CORE_X86_64_RESCALE64_H

#include "kernels/core/x86_64/simd.h"

struct rescale64_half {
    vint factor, offset, shift;
};

struct rescale64 {
    struct rescale64_half even, odd;
};

/* Of LANES columns that are packed so (`rescale64` of struct assay_columns). */
ASSAY_INLINE struct rescale64 rescale64_packed(const int64_t *bias, const int32_t *multiplier, const int32_t *shift)
{
    const vint factor = vi_load(multiplier), right = vi_load(shift);
    struct rescale64 r = {
        .even = {.factor = vq_lower(factor), .shift = vq_lower(right)},
        .odd = {.factor = vq_upper(factor), .shift = vq_upper(right)},
    };
    vq_load_even_odd(bias, &r.even.offset, &r.odd.offset);
    return r;
}

/* Of sums in int32, LANES columns in their order. */
ASSAY_INLINE vint rescale64_narrow(const struct rescale64 *r, vint sums)
{
    const vint even = vq_add(vq_mul_low(sums, r->even.factor), r->even.offset);
    const vint odd = vq_add(vq_mul_low(vq_upper(sums), r->odd.factor), r->odd.offset);
    return vq_interleave(vq_shift_right_signed(even, r->even.shift), vq_shift_right_signed(odd, r->odd.shift));
}

ASSAY_INLINE vint rescale64_parts_half(const struct rescale64_half *r, vint high, vint low, const int bits)
{
    const vint product = vq_add(vq_shift_left(vq_mul_low(high, r->factor), vq_set1(bits)), vq_mul_low(low, r->factor));
    return vq_shift_right_signed(vq_add(product, r->offset), r->shift);
}

/* Of sums 2^bits * high + low. */
ASSAY_INLINE vint rescale64_parts(const struct rescale64 *r, vint high, vint low, const int bits)
{
    return vq_interleave(rescale64_parts_half(&r->even, high, low, bits),
                         rescale64_parts_half(&r->odd, vq_upper(high), vq_upper(low), bits));
}

#endif
