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

ASSAY_INLINE struct rescale64_half rescale64_half_of(vint bias, vint factor, vint shift)
{
    const vint half = vq_shift_left(vq_set1(1), vq_sub(shift, vq_set1(1)));
    return (struct rescale64_half){factor, vq_add(vq_mul(bias, factor), half), shift};
}

/* Of LANES columns. */
ASSAY_INLINE struct rescale64 rescale64_of(const int64_t *bias, const int32_t *multiplier, const int32_t *shift)
{
    /* (multiplier + 2^15) >> 16, unsigned, is above 0x7FFF only where the definition says 0x7FFF. */
    const vint rounded = vi_shift_right(vi_add(vi_load(multiplier), vi_set1(1 << 15)), 16);
    const vint factor = vi_min(rounded, vi_set1(0x7FFF)), right = vi_sub(vi_set1(15), vi_load(shift));
    vint even, odd;
    vq_load_even_odd(bias, &even, &odd);
    return (struct rescale64){
        .even = rescale64_half_of(even, vq_lower(factor), vq_lower(right)),
        .odd = rescale64_half_of(odd, vq_upper(factor), vq_upper(right)),
    };
}

/* The same of columns that are packed so (`rescale64` of struct assay_columns). */
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

/* Of sums in int64, those of the even and of the odd columns. */
ASSAY_INLINE vint rescale64_wide(const struct rescale64 *r, vint even, vint odd)
{
    even = vq_add(vq_mul(even, r->even.factor), r->even.offset);
    odd = vq_add(vq_mul(odd, r->odd.factor), r->odd.offset);
    return vq_interleave(vq_shift_right_signed(even, r->even.shift), vq_shift_right_signed(odd, r->odd.shift));
}

#endif
