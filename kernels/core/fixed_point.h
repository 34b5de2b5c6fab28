/* Rescaling of integer accumulators, as the TFLite 8-bit specification and its reference kernels define it: the real
 * factor is multiplier * 2^(shift - 31), multiplier a Q31 number in [2^30, 2^31) or 0, shift in [-31, 7]. */
#ifndef ASSAY_KERNELS_CORE_FIXED_POINT_H
#define ASSAY_KERNELS_CORE_FIXED_POINT_H

#include <stdint.h>

/* The int32 rescale ("double rounding"):
 *   a = x * 2^max(shift, 0), modulo 2^32
 *   b = floor((a * multiplier + 2^30) / 2^31)          saturating rounding doubling high multiply; ties go up
 *   result = b / 2^max(-shift, 0), rounded to nearest, ties away from zero */
static inline int32_t assay_rescale(int32_t x, int32_t multiplier, int32_t shift)
{
    const int left = shift > 0 ? shift : 0, right = shift > 0 ? 0 : -shift;
    const int32_t a = (int32_t)((uint32_t)x << left);
    const int32_t b = (int32_t)(((int64_t)a * multiplier + (INT64_C(1) << 30)) >> 31);
    const int32_t mask = (int32_t)((INT64_C(1) << right) - 1);
    const int32_t threshold = (mask >> 1) + (b < 0);
    return (b >> right) + ((b & mask) > threshold);
}

/* What assay_rescale64() multiplies by, in Q15, and how far it shifts to the right. */
static inline int32_t assay_rescale64_factor(int32_t multiplier)
{
    return multiplier < 0x7FFF0000 ? (multiplier + (1 << 15)) >> 16 : 0x7FFF;
}

static inline int32_t assay_rescale64_right(int32_t shift)
{
    return 15 - shift;
}

/* The int64 rescale of int16x8, for |x| < 2^47: the multiplier is first rounded to Q15, then one rounding, ties up. */
static inline int32_t assay_rescale64(int64_t x, int32_t multiplier, int32_t shift)
{
    const int32_t right = assay_rescale64_right(shift);
    return (int32_t)((x * assay_rescale64_factor(multiplier) + (INT64_C(1) << (right - 1))) >> right);
}

static inline int32_t assay_clamp_int(int32_t x, int32_t low, int32_t high)
{
    return x < low ? low : x > high ? high : x;
}

/* real > 0 as multiplier and shift, to nearest; a factor too small for shift -31 becomes 0 * 2^0, one too large the
 * largest that there is. The formula of TFLite's QuantizeMultiplier. */
void assay_fixed_point(double real, int32_t *multiplier, int32_t *shift);

#endif
