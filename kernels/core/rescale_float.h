/* The int32 rescale by floats, as exact: the numbers that it takes, solved for one output channel.
 *
 * assay_rescale(x, m, -r) (kernels/core/fixed_point.h) is floor((x m + R) / 2^n) for x >= 0 and floor((x m + R - 2^31)
 * / 2^n) below zero, with n = 31 + r and R = 2^(30 + r) + 2^30 (kernels/core/rescale52.h). A fused multiply-add that
 * rounds down, followed by a conversion that rounds down, is the floor of the exact sum. So u = x + offset result =
 * floor(u * factor + t)    with t = u * rest + (u < 0 ? below_zero : constant) is right with factor + rest = m / 2^n,
 * which two floats hold exactly, if only t were: it is rounded. What saves it is
 *
 * - `offset`, the greatest number that takes nothing off the half: a constant of a few units of x times m / 2^n is
 * left, so small that the roundings of t are far below the distance of sums from one another;
 * - that only the thresholds of the results that an output can tell apart matter: R may be replaced by any number that
 * no x passes a threshold with, and the middle of these is as far from all thresholds as can be. That it is farther
 * than all roundings is proven for each channel; a channel of which it is not is not solved;
 * - that u < 0 is x < -offset, and from there to zero both formulas give 0.
 *
 * Sums must be as long as floats are exact where thresholds lie, up to 2^24; beyond, roundings keep the order of
 * results.
 */
#ifndef ASSAY_KERNELS_CORE_RESCALE_FLOAT_H
#define ASSAY_KERNELS_CORE_RESCALE_FLOAT_H

#include "kernels/core/rescale52.h"

/* Where no results below the zero point are told apart (one-sided: range.minimum = range.zero), below_zero is the same
 * as `constant`, and the zero point is in the offset and so in the results. To other results it is to be added. All are
 * to be cut to the range of the output. */
struct assay_rescale_float {
    int32_t offset; /* within 2^24 */
    float factor, rest, constant, below_zero;
};

/* False: it was not found, or proven. range.largest is at most 2^30. */
bool assay_rescale_float_solve(int32_t multiplier, int32_t shift, struct assay_rescale_range range,
                               struct assay_rescale_float *solution);

#endif
