/* The rescale of kernels/core/fixed_point.h, four at a time, equal to it to the bit. */
#ifndef ASSAY_KERNELS_CORE_AARCH64_NEON_RESCALE_H
#define ASSAY_KERNELS_CORE_AARCH64_NEON_RESCALE_H

#include <arm_neon.h>

/* assay_rescale() with left = max(shift, 0) and right = min(shift, 0). sqrdmulh is the doubling high multiply, as no
 * multiplier is negative. The rounding shift takes ties up; a negative number is lowered by one before, which
 * takes its ties down and moves nothing else. */
static inline int32x4_t neon_rescale(int32x4_t x, int32x4_t multiplier, int32x4_t left, int32x4_t right)
{
    const int32x4_t product = vqrdmulhq_s32(vshlq_s32(x, left), multiplier);
    return vrshlq_s32(vsraq_n_s32(product, vandq_s32(product, right), 31), right);
}

#endif
