/* The rescale by floats against assay_rescale(), where it could go wrong: at all thresholds. And how often it gives up,
 * which is allowed, but must be rare for layers as they are. */
#include "kernels/core/rescale_float.h"

#include "tests/core/expect.h"
#include "tests/core/rescale_channel.h"

#include <fenv.h>
#include <math.h>

/* What the vectors compute, without the zero point; volatile, as the compiler knows nothing of rounding modes. */
static int64_t compute(const struct channel *c, const struct assay_rescale_float *s, int32_t x)
{
    const int32_t u = x + s->offset;
    volatile float input = (float)u;
    volatile float t = fmaf(input, s->rest, u < 0 ? s->below_zero : s->constant);
    fesetround(FE_DOWNWARD);
    volatile float y = fmaf(input, s->factor, t);
    fesetround(FE_TONEAREST);
    return (int64_t)floorf(y) - (c->range.minimum >= c->range.zero ? c->range.zero : 0);
}

static int64_t cut(const struct channel *c, int64_t x)
{
    x += c->range.zero;
    return x < c->range.minimum ? c->range.minimum : x > c->range.maximum ? c->range.maximum : x;
}

static bool agree(const struct channel *c, const void *solution, int64_t x)
{
    const struct assay_rescale_float *s = solution;
    if (x < -c->range.largest || x > c->range.largest)
        return true;
    const int64_t exact = assay_rescale((int32_t)x, c->multiplier, c->shift), got = compute(c, s, (int32_t)x);
    EXPECT(cut(c, got) == cut(c, exact), "x %lld, multiplier %d, shift %d, zero %d, [%d, %d]: %lld, not %lld",
           (long long)x, (int)c->multiplier, (int)c->shift, (int)c->range.zero, (int)c->range.minimum,
           (int)c->range.maximum, (long long)got, (long long)exact);
    return cut(c, got) == cut(c, exact);
}

static bool solves(const struct channel *c)
{
    struct assay_rescale_float s;
    if (!assay_rescale_float_solve(c->multiplier, c->shift, c->range, &s))
        return false;
    bool same = agree_everywhere(c, agree, &s);
    for (int64_t d = 0; d <= 3 && same; d++)
        same = agree(c, &s, d - s.offset) && agree(c, &s, -d - s.offset);
    return true;
}

static struct channel channel_of(int32_t multiplier, int32_t shift, int64_t largest, int32_t zero, bool one_sided)
{
    return (struct channel){multiplier, shift, range_of(largest, zero, one_sided)};
}

/* Multipliers that are easy to get wrong, at every shift, zero points and bounds at their ends. */
static void test_corners(void)
{
    static const int32_t multipliers[] = {
        1 << 30,    INT32_MAX,        INT32_MAX - 1, (1 << 30) + 1, 3 << 29, 5 << 28, 0x7F << 24, (1 << 30) + 2,
        0x55555555, (1 << 30) + 4096, 1518500250,    0x7FFF << 16,  1,       3,       1000,       (1 << 20) - 1,
        0};
    static const int64_t largest[] = {0, 1, 1000, 70000, 1 << 20, 1 << 26, 1 << 30};
    static const int32_t zeros[] = {-128, -127, -5, 0, 3, 126, 127};
    for (size_t m = 0; m < sizeof(multipliers) / sizeof(*multipliers); m++)
        for (int32_t shift = -22; shift <= 0; shift++)
            for (size_t l = 0; l < sizeof(largest) / sizeof(*largest); l++)
                for (size_t z = 0; z < 2 * sizeof(zeros) / sizeof(*zeros); z++) {
                    const struct channel c = channel_of(multipliers[m], shift, largest[l], zeros[z / 2], z % 2 == 1);
                    solves(&c);
                }
}

/* Layers as they are: sums of up to 2^23, and scales that make the output use its range. */
static void test_layers(void)
{
    enum { CHANNELS = 40000 };
    unsigned solved = 0;
    for (int i = 0; i < CHANNELS; i++) {
        const struct channel c = channel_of((int32_t)random_in(1 << 30, INT32_MAX), (int32_t)random_in(-12, -4),
                                            random_in(1 << 14, 1 << 23), (int32_t)random_in(-128, 127), i % 2 == 1);
        solved += solves(&c);
    }
    printf("layers: %u of %d channels solved\n", solved, CHANNELS);
    EXPECT(solved > CHANNELS - CHANNELS / 1000, "only %u solved", solved);
}

int main(void)
{
    test_corners();
    test_layers();
    return expect_report();
}
