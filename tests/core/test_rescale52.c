/* The rescale by products of 52 bits against assay_rescale(), where it could go wrong: at all thresholds. And how often
 * it gives up, which is allowed, but must be rare for layers as they are. */
#include "kernels/core/rescale52.h"

#include "tests/core/expect.h"
#include "tests/core/rescale_channel.h"

/* What the vectors compute. */
static int64_t compute(const struct assay_rescale52 *s, int32_t x)
{
    uint32_t u = (uint32_t)x + s->low;
    const bool below_zero = u < s->low;
    u += below_zero ? s->step : 0;
    const uint64_t a = (uint64_t)s->high << 32 | u;
    const int64_t y = s->after + (int64_t)((unsigned __int128)a * s->factor >> 52);
    return y - (below_zero ? s->step_result : 0);
}

static bool agree(const struct channel *c, const void *solution, int64_t x)
{
    const struct assay_rescale52 *s = solution;
    if (x < -c->range.largest || x > c->range.largest)
        return true;
    const int32_t exact = assay_rescale((int32_t)x, c->multiplier, c->shift) + c->range.zero;
    const int64_t got = compute(s, (int32_t)x);
    const int64_t cut = got < c->range.minimum ? c->range.minimum : got > c->range.maximum ? c->range.maximum : got;
    const bool equal = got == (int32_t)got && cut == assay_clamp_int(exact, c->range.minimum, c->range.maximum);
    EXPECT(equal, "x %lld, multiplier %d, shift %d, zero %d, [%d, %d], largest %lld: %lld", (long long)x,
           (int)c->multiplier, (int)c->shift, (int)c->range.zero, (int)c->range.minimum, (int)c->range.maximum,
           (long long)c->range.largest, (long long)got);
    return equal;
}

static bool solves(const struct channel *c)
{
    struct assay_rescale52 s;
    if (!assay_rescale52_solve(c->multiplier, c->shift, c->range, &s))
        return false;
    EXPECT(s.factor < UINT64_C(1) << 52 && s.high < 1U << 20, "factor or high too large");
    agree_everywhere(c, agree, &s);
    return true;
}

/* Multipliers that are easy to get wrong, at every shift, zero points and bounds at their ends. */
static void test_corners(void)
{
    static const int32_t multipliers[] = {
        1 << 30,      INT32_MAX,        INT32_MAX - 1, (1 << 30) + 1, 3 << 29, 5 << 28, 0x7F << 24, (1 << 30) + 2,
        0x55555555,   (1 << 30) + 4096, 1518500250,    0x7FFF << 16,  1,       2,       3,          1000,
        (1 << 20) - 1};
    static const int64_t largest[] = {1, 1000, 70000, 1 << 20, 1 << 26, 1 << 29};
    static const int32_t zeros[] = {-128, -127, -5, 0, 3, 126, 127};
    unsigned solved = 0, legal = 0, asked = 0;
    for (size_t m = 0; m < sizeof(multipliers) / sizeof(*multipliers); m++)
        for (int32_t shift = -21; shift <= -1; shift++)
            for (size_t l = 0; l < sizeof(largest) / sizeof(*largest); l++)
                for (size_t z = 0; z < sizeof(zeros) / sizeof(*zeros); z++)
                    for (int one_sided = 0; one_sided < 2; one_sided++) {
                        const struct channel c = {multipliers[m], shift,
                                                  range_of(largest[l], zeros[z], one_sided == 1)};
                        const bool found = solves(&c);
                        if (c.multiplier >= 1 << 30) {
                            legal++;
                            solved += found;
                        }
                        asked++;
                    }
    printf("corners: %u of %u multipliers that are legal solved; %u asked\n", solved, legal, asked);
}

/* Channels as layers have them; every layer has hundreds, and one that gives up takes them all with it. */
static void test_random(bool one_sided)
{
    enum { COUNT = 20000 };
    unsigned solved = 0;
    for (int i = 0; i < COUNT; i++) {
        const int32_t shift = (int32_t)random_in(-14, -2);
        const struct channel c = {
            .multiplier = (int32_t)random_in(1 << 30, INT32_MAX),
            .shift = shift,
            .range = range_of(random_in(1 << 12, 1 << 27), (int32_t)random_in(-128, 127), one_sided),
        };
        solved += solves(&c);
    }
    printf("random, %s: %u of %u solved\n", one_sided ? "one-sided" : "two-sided", solved, (unsigned)COUNT);
    EXPECT(COUNT - solved <= COUNT / 10000, "%u of %u are given up", COUNT - solved, (unsigned)COUNT);
}

static void test_refusals(void)
{
    struct assay_rescale52 s;
    const struct assay_rescale_range range = range_of(1000, 0, false);
    EXPECT(!assay_rescale52_solve(1 << 30, 0, range, &s), "shift 0 is not solved");
    EXPECT(!assay_rescale52_solve(1 << 30, 3, range, &s), "shift 3 is not solved");
    EXPECT(!assay_rescale52_solve(1 << 30, -22, range, &s), "shift -22 is not solved");
    EXPECT(!assay_rescale52_solve(-5, -3, range, &s), "no factor is negative");
    EXPECT(!assay_rescale52_solve(1 << 30, -3, range_of(INT64_C(1) << 31, 0, false), &s), "sums of more than 32 bits");
    const struct channel nothing = {0, 0, range};
    EXPECT(solves(&nothing), "a factor of zero");
}

int main(void)
{
    test_corners();
    test_random(true);
    test_random(false);
    test_refusals();
    return expect_report();
}
