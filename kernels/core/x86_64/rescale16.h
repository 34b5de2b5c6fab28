/* The rescale of kernels/core/rescale16.h in vectors of LANES columns: 4 operations where there is a dot product of
 * words, else 5; kernels/core/x86_64/rescale64.h takes 9. */
#ifndef ASSAY_KERNELS_CORE_X86_64_RESCALE16_H
#define ASSAY_KERNELS_CORE_X86_64_RESCALE16_H

#include "kernels/core/rescale16.h"
#include "kernels/core/x86_64/simd.h"

struct rescaler16 {
    vint low_factor, high_factor, half, right;
};

/* Of the columns from number `first` of the sixteen on. */
ASSAY_INLINE struct rescaler16 rescaler16_of(const struct assay_rescale16_lanes *lanes, size_t first)
{
    return (struct rescaler16){
        .low_factor = vi_load(lanes->low_factor + first),
        .high_factor = vi_load(lanes->high_factor + first),
        .half = vi_load(lanes->half + first),
        .right = vi_load(lanes->right + first),
    };
}

ASSAY_INLINE vint rescale16(vint x, const struct rescaler16 *r)
{
    const vint low = vi_add(vi_mul_high_u16(x, r->low_factor), r->half);
    return vi_shift_right_signed(vi_dot2_once(low, x, r->high_factor), r->right);
}

#endif
