#include "kernels/core/rescale52.h"

#include <stddef.h>

enum {
    PRODUCT_BITS = 52,
    LARGEST_RIGHT = PRODUCT_BITS - 31,
    /* How many e, and q for each, are tried: of layers as they are, the first e is good nearly always, and one q of a
     * hundred. */
    MOST_SHIFTED = 64,
    MOST_STEPS = 4096,
};

/* Of the thresholds first … last: j's is at the least x with x m >= j 2^n - rounding, and the last x before it misses
 * it by g_j in [1, m]. From j to j + 1, g goes up by 2^n, modulo m. More than m is never made use of. */
struct assay_rescale_slack assay_rescale_slack(int64_t m, int n, int64_t rounding, int first, int last)
{
    struct assay_rescale_slack slack = {m, m};
    const int64_t step = (INT64_C(1) << n) % m;
    int64_t g = (first * (INT64_C(1) << n) - rounding) % m;
    g += g <= 0 ? m : 0;
    for (int j = first; j <= last; j++) {
        slack.above = g < slack.above ? g : slack.above;
        slack.below = m - g < slack.below ? m - g : slack.below;
        g += step;
        g -= g > m ? m : 0;
    }
    return slack;
}

static bool within(int64_t e, struct assay_rescale_slack slack)
{
    return -slack.below <= e && e < slack.above;
}

static uint64_t inverse(uint64_t odd)
{
    uint64_t x = odd; /* right in three bits; each round doubles them */
    for (int i = 0; i < 5; i++)
        x *= 2 - odd * x;
    return x;
}

/* The number = x0 modulo 2^bits whose low 32 bits are in the window, and which has 52 at most. */
static bool fit(uint64_t x0, int bits, int64_t least, int64_t greatest, struct assay_rescale52 *solution)
{
    if (bits < 32) {
        const int64_t period = INT64_C(1) << bits, missing = least - (int64_t)x0;
        x0 += missing > 0 ? (uint64_t)((missing + period - 1) / period * period) : 0;
    }
    solution->low = (uint32_t)x0;
    solution->high = (uint32_t)(x0 >> 32);
    return solution->low >= least && solution->low <= greatest && solution->high < 1U << (PRODUCT_BITS - 32);
}

/* step and q with step * m = q 2^n - 2^31 - e + e', where R + e is what stands for R, and e' is within the slack. */
static bool find_step(int64_t m, int n, int64_t e, struct assay_rescale_slack slack, int64_t *step, int32_t *q)
{
    for (int i = 0; i < MOST_STEPS; i++) {
        *q = i % 2 == 0 ? i / 2 : -(i + 1) / 2;
        const int64_t wanted = *q * (INT64_C(1) << n) - (INT64_C(1) << 31) - e;
        int64_t over = wanted % m; /* wanted less the multiple of m below it */
        over += over < 0 ? m : 0;
        *step = (wanted - over) / m;
        if (within(-over, slack))
            return true;
        ++*step;
        if (within(m - over, slack))
            return true;
    }
    return false;
}

/* floor((x0 m - rounding) / 2^n), x0 < 2^52, in parts that do not overflow. */
static int64_t excess(uint64_t x0, int64_t m, int64_t rounding, int n)
{
    const int64_t high = (int64_t)(x0 >> 26) * m, low = (int64_t)(x0 & 0x3FFFFFF) * m;
    return (high + ((low - rounding) >> 26)) >> (n - 26);
}

/* With R + e in place of R. */
static bool solve_shifted(int64_t m, int n, int64_t rounding, const struct assay_rescale_slack *below_zero,
                          struct assay_rescale_range range, int64_t e, struct assay_rescale52 *solution)
{
    int64_t step = 0;
    solution->step_result = 0;
    if (below_zero && !find_step(m, n, e, *below_zero, &step, &solution->step_result))
        return false;
    if (step < -INT32_MAX || step > INT32_MAX)
        return false;
    solution->step = (uint32_t)step;

    int trailing = 0;
    while ((m >> trailing & 1) == 0)
        trailing++;
    const int bits = n - trailing;
    const uint64_t x0 =
        ((uint64_t)(rounding + e) >> trailing) * inverse((uint64_t)(m >> trailing)) & ((UINT64_C(1) << bits) - 1);
    const int64_t least = range.largest + (step < 0 ? -step : 0);
    const int64_t most = step > range.largest ? step : range.largest;
    if (!fit(x0, bits, least, UINT32_MAX - most, solution))
        return false;
    solution->after = range.zero - excess((uint64_t)solution->high << 32 | solution->low, m, rounding + e, n);
    return true;
}

bool assay_rescale52_solve(int32_t multiplier, int32_t shift, struct assay_rescale_range range,
                           struct assay_rescale52 *solution)
{
    *solution = (struct assay_rescale52){0};
    if (range.largest < 0 || range.largest > INT32_MAX)
        return false;
    if (multiplier == 0) {
        solution->low = (uint32_t)range.largest;
        solution->after = range.zero;
        return true;
    }
    if (multiplier < 0 || shift > -1 || shift < -LARGEST_RIGHT)
        return false;
    const int64_t m = multiplier, rounding = (INT64_C(1) << 30) + (INT64_C(1) << (30 - shift));
    const int n = 31 - shift;
    solution->factor = (uint64_t)m << (PRODUCT_BITS - n);

    const bool one_sided = range.minimum >= range.zero;
    const struct assay_rescale_slack slack = assay_rescale_slack(m, n, rounding, 1, range.maximum - range.zero);
    const struct assay_rescale_slack below_zero =
        assay_rescale_slack(m, n, rounding - (INT64_C(1) << 31), range.minimum - range.zero + 1, 0);
    const int64_t unit = m & -m; /* x0 m is a multiple of it */
    for (int i = 0; i < MOST_SHIFTED; i++) {
        const int64_t e = (i % 2 == 0 ? i / 2 : -(i + 1) / 2) * unit;
        if (within(e, slack) && solve_shifted(m, n, rounding, one_sided ? NULL : &below_zero, range, e, solution))
            return true;
    }
    return false;
}

void assay_rescale52_place(const struct assay_rescale52 *solution, unsigned lane, struct assay_rescale52_lanes *lanes)
{
    (lane % 2 == 0 ? lanes->even_factor : lanes->odd_factor)[lane / 2] = solution->factor;
    (lane % 2 == 0 ? lanes->even_after : lanes->odd_after)[lane / 2] = solution->after;
    (lane % 2 == 0 ? lanes->even_high : lanes->odd_high)[lane / 2 * 2 + 1] = solution->high;
    lanes->low[lane] = solution->low;
    lanes->step[lane] = solution->step;
    lanes->step_result[lane] = solution->step_result;
}
