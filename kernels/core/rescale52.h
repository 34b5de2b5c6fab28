/* The int32 rescale as one product of 52 bits: the numbers that it takes, solved for one output channel.
 *
 * assay_rescale(x, m, -r) (kernels/core/fixed_point.h) rounds twice, but floors of floors are floors: with n = 31 + r
 * and R = 2^(30 + r) + 2^30 it is
 *     f(x) = floor((x m + R) / 2^n)           for x >= 0
 *     f(x) = floor((x m + R - 2^31) / 2^n)    for x < 0
 * A processor that gives the upper half of a product of unsigned 52-bit numbers (AVX512-IFMA: vpmadd52huq) has, with
 * factor = m 2^(52 - n), an integer for r <= 21,
 *     (x + x0) * factor / 2^52, rounded down = floor((x m + x0 m) / 2^n)
 * so that the rounding needs no operation if x0 m = R (modulo 2^n): what x0 m exceeds R by is a multiple of 2^n, a
 * constant of the result, to which the zero point is added as well.
 *
 * - m = m' 2^t with m' odd: x0 = (R / 2^t) / m' modulo 2^(n - t).
 * - The low 32 bits of x0 come with the bias of the sums, the upper 20 replace what is above them; nothing may carry
 *   from one to the other. Where x + low leaves 32 bits for a sum that can be, another R' does: x0 m = R + e gives the
 *   same results as long as no x passes a threshold: with X_j the least x of a result >= j, for all j that the output
 *   can tell apart, j 2^n - X_j m <= R + e < j 2^n - (X_j - 1) m.
 * - Below zero: an activation with the zero point as its least output makes all of these results one, and x0 serves
 *   them too ("one-sided"). Elsewhere a `step` is added to x < 0, with step * m = q 2^n - 2^31 + e' for an e' that
 *   thresholds below zero leave room for, and q subtracted from the result: one q of a hundred will do. */
#ifndef ASSAY_KERNELS_CORE_RESCALE52_H
#define ASSAY_KERNELS_CORE_RESCALE52_H

#include "kernels/core/rescale_range.h"

#include <stdbool.h>
#include <stdint.h>

/* u = x + low, modulo 2^32; two-sided: and + step where u < low, which is where x < 0.
 *     result = after + ((high 2^32 + u) * factor >> 52), two-sided: and - step_result where x < 0
 * which is, once cut to [minimum, maximum], as exact as assay_rescale() + zero. */
struct assay_rescale52 {
    uint64_t factor; /* below 2^52 */
    uint32_t low;
    uint32_t high; /* below 2^20 */
    int64_t after;
    /* 0 if one-sided: range.minimum = range.zero */
    uint32_t step;
    int32_t step_result;
};

/* False: there is no such rescale, or none was found (m < 0, a shift above -1 or below -21, sums without bound …).
 * Deterministic; some microseconds. */
bool assay_rescale52_solve(int32_t multiplier, int32_t shift, struct assay_rescale_range range,
                           struct assay_rescale52 *solution);

/* With R + e in place of R results are the same for -below <= e < above, as far as the thresholds first … last go: of
 * floor((x m + R) / 2^n) >= j for these j. */
struct assay_rescale_slack {
    int64_t below, above;
};
struct assay_rescale_slack assay_rescale_slack(int64_t m, int n, int64_t rounding, int first, int last);

/* Sixteen channels as vectors of 512 bits take them: 64-bit lanes of the even and of the odd channels. */
enum { ASSAY_RESCALE52_LANES = 16 };
struct assay_rescale52_lanes {
    uint64_t even_factor[ASSAY_RESCALE52_LANES / 2], odd_factor[ASSAY_RESCALE52_LANES / 2];
    int64_t even_after[ASSAY_RESCALE52_LANES / 2], odd_after[ASSAY_RESCALE52_LANES / 2];
    uint32_t even_high[ASSAY_RESCALE52_LANES], odd_high[ASSAY_RESCALE52_LANES]; /* in the upper half of each 64 bits */
    uint32_t low[ASSAY_RESCALE52_LANES], step[ASSAY_RESCALE52_LANES];
    int32_t step_result[ASSAY_RESCALE52_LANES];
};
void assay_rescale52_place(const struct assay_rescale52 *solution, unsigned lane, struct assay_rescale52_lanes *lanes);

#endif
