/* The int64 rescale of sums that fit 32 bits, by products of 16 bits: the numbers that it takes, for one output
 * channel.
 *
 * assay_rescale64(x, m, shift) (kernels/core/fixed_point.h) is floor((x f + 2^(right - 1)) / 2^right) with a factor of
 * 15 bits. With x = 2^16 high + low, of which low is unsigned, floor(x f / 2^16) = high * f + floor(low * f / 2^16) are
 * two products, each of the one half of 32 bits while the other half is multiplied by zero: no halves are taken apart,
 * and no lane is wider than 32 bits. From right = 17 on what rounding adds is a multiple of 2^16, and floors of floors
 * are floors:
 *     result = floor((high * f + floor(low * f / 2^16) + 2^(right - 17)) / 2^(right - 16))
 * where nothing leaves 32 bits: the products are below 2^30, and right is at most 46. Nothing is solved here, and all
 * results are exact; the bias is part of x. */
#ifndef ASSAY_KERNELS_CORE_RESCALE16_H
#define ASSAY_KERNELS_CORE_RESCALE16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct assay_rescale16 {
    int32_t factor;
    int32_t half;  /* what is added before the shift */
    int32_t right; /* by which it shifts */
};

/* |x| <= largest, bias included. False where that is more than an int32, where a shift is above -2 (a real factor of a
 * quarter and more, which takes sums of 18 bits to the end of int16), or where a multiplier is negative. */
bool assay_rescale16_solve(int32_t multiplier, int32_t shift, int64_t largest, struct assay_rescale16 *solution);

/* Sixteen channels, as vectors take them. */
enum { ASSAY_RESCALE16_LANES = 16 };
struct assay_rescale16_lanes {
    int32_t start[ASSAY_RESCALE16_LANES];                                          /* the bias: where sums begin */
    int32_t low_factor[ASSAY_RESCALE16_LANES], high_factor[ASSAY_RESCALE16_LANES]; /* in the lower, the upper word */
    int32_t half[ASSAY_RESCALE16_LANES], right[ASSAY_RESCALE16_LANES];
};
void assay_rescale16_place(const struct assay_rescale16 *solution, int32_t start, size_t lane,
                           struct assay_rescale16_lanes *lanes);

#endif
