#include "kernels/core/rescale_float.h"

#include <math.h>

enum { MOST_RIGHT = 21, FLOAT_BITS = 24, RESULTS = 256 };

/* The middle of a slack. */
static int64_t middle(struct assay_rescale_slack slack)
{
    return (slack.above - slack.below) / 2;
}

/* What t and its constant are off by, in units of 2^-n, is less: half a unit in the last place of a constant below 2^34
 * of them, as much for t, which is at most that and 2^-24 of a result, and for rounding the middle down. */
static bool is_proven(struct assay_rescale_slack slack, int n)
{
    const int64_t errors = 4096 + ((int64_t)(2 * RESULTS) << (n > 2 * FLOAT_BITS ? n - 2 * FLOAT_BITS : 0));
    return (slack.below + slack.above) / 2 > errors;
}

bool assay_rescale_float_solve(int32_t multiplier, int32_t shift, struct assay_rescale_range range,
                               struct assay_rescale_float *solution)
{
    *solution = (struct assay_rescale_float){0};
    if (range.largest < 0 || range.largest > INT64_C(1) << 30)
        return false;
    const bool one_sided = range.minimum >= range.zero;
    if (multiplier == 0) {
        solution->constant = solution->below_zero = one_sided ? (float)range.zero : 0.0f;
        return true;
    }
    if (multiplier < 0 || shift > -1 || shift < -MOST_RIGHT)
        return false;
    const int64_t m = multiplier, sign = INT64_C(1) << 31, rounding = (INT64_C(1) << 30) + (INT64_C(1) << (30 - shift));
    const int n = 31 - shift;
    /* What the multiple of m comes out of: the zero point's share, too, or all that sums below zero have. */
    const int64_t least = rounding + (one_sided ? range.zero * (INT64_C(1) << n) : -sign);
    const int64_t offset = least / m - (least % m < 0);
    if (((int64_t)(RESULTS + 1) << n) / m + (offset < 0 ? -offset : offset) >= INT64_C(1) << FLOAT_BITS)
        return false;
    const struct assay_rescale_slack above = assay_rescale_slack(m, n, rounding, 1, range.maximum - range.zero);
    const struct assay_rescale_slack below =
        one_sided ? above : assay_rescale_slack(m, n, rounding - sign, range.minimum - range.zero + 1, 0);
    if (!is_proven(above, n) || !is_proven(below, n))
        return false;
    const float factor = (float)m;
    const int64_t below_zero = least + middle(below) - offset * m;
    const int64_t constant = one_sided ? below_zero : rounding + middle(above) - offset * m;
    *solution = (struct assay_rescale_float){
        .offset = (int32_t)offset,
        .factor = ldexpf(factor, -n),
        .rest = ldexpf((float)(m - (int64_t)factor), -n),
        .constant = ldexpf((float)constant, -n),
        .below_zero = ldexpf((float)below_zero, -n),
    };
    return true;
}
