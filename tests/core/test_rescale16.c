/* The rescale by products of 16 bits against assay_rescale64(), at the ends of both words of a sum, beside the places
 * where results change, and at random. */
#include "kernels/core/rescale16.h"

#include "kernels/core/fixed_point.h"
#include "tests/core/expect.h"
#include "tests/core/rescale_channel.h"

/* What the vectors compute, in int64, so that what would leave an int32 shows. */
static int64_t compute(const struct assay_rescale16_lanes *lanes, size_t lane, int32_t x)
{
    const int64_t low = (uint32_t)x & 0xFFFF, high = x >> 16;
    const int64_t low_factor = lanes->low_factor[lane] & 0xFFFF, high_factor = lanes->high_factor[lane] >> 16;
    const int64_t sum = (low * low_factor >> 16) + lanes->half[lane] + high * high_factor;
    EXPECT(sum == (int32_t)sum, "%lld leaves 32 bits", (long long)sum);
    EXPECT(lanes->low_factor[lane] >> 16 == 0 && (lanes->high_factor[lane] & 0xFFFF) == 0, "two factors in one lane");
    return sum >> lanes->right[lane];
}

static bool agrees(int32_t multiplier, int32_t shift, const struct assay_rescale16_lanes *lanes, size_t lane, int64_t x)
{
    if (x < -INT32_MAX || x > INT32_MAX)
        return true;
    const int64_t got = compute(lanes, lane, (int32_t)x), want = assay_rescale64(x, multiplier, shift);
    EXPECT(got == want, "x %lld, multiplier %d, shift %d: %lld, not %lld", (long long)x, (int)multiplier, (int)shift,
           (long long)got, (long long)want);
    return got == want;
}

/* The least x whose result is `result` or more. */
static int64_t first_of(int32_t multiplier, int32_t shift, int64_t result)
{
    int64_t low = -INT32_MAX, high = (int64_t)INT32_MAX + 1;
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (assay_rescale64(middle, multiplier, shift) >= result)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static bool agrees_everywhere(int32_t multiplier, int32_t shift)
{
    struct assay_rescale16 solution;
    struct assay_rescale16_lanes lanes = {0};
    if (!assay_rescale16_solve(multiplier, shift, INT32_MAX, &solution))
        return false;
    enum { LANE = 5 };
    assay_rescale16_place(&solution, -7, LANE, &lanes);
    EXPECT(lanes.start[LANE] == -7, "sums begin at %d", (int)lanes.start[LANE]);
    static const int64_t highs[] = {-32768, -32767, -2, -1, 0, 1, 2, 32766, 32767};
    static const int64_t lows[] = {0, 1, 2, 32767, 32768, 32769, 65534, 65535};
    bool same = true;
    for (size_t h = 0; h < sizeof(highs) / sizeof(*highs); h++)
        for (size_t l = 0; l < sizeof(lows) / sizeof(*lows) && same; l++)
            same = agrees(multiplier, shift, &lanes, LANE, highs[h] * 65536 + lows[l]);
    static const int64_t results[] = {-32768, -32767, -1000, -1, 0, 1, 2, 999, 32766, 32767};
    for (size_t r = 0; r < sizeof(results) / sizeof(*results); r++) {
        const int64_t x = first_of(multiplier, shift, results[r]);
        for (int64_t d = -2; d <= 2 && same; d++)
            same = agrees(multiplier, shift, &lanes, LANE, x + d);
    }
    for (int i = 0; i < 1000 && same; i++)
        same = agrees(multiplier, shift, &lanes, LANE, random_in(-INT32_MAX, INT32_MAX));
    return true;
}

static void test_multipliers(void)
{
    static const int32_t multipliers[] = {
        1 << 30,
        INT32_MAX,
        INT32_MAX - 1,
        0x7FFF0000,
        0x7FFF << 16,
        0x7FFE8000,
        0x7FFE7FFF,
        (1 << 30) + 1,
        (1 << 30) + (1 << 15),
        3 << 29,
        5 << 28,
        0x55555555,
        1518500250,
        1,
        1000,
    };
    for (int32_t shift = -31; shift <= 7; shift++) {
        for (size_t m = 0; m < sizeof(multipliers) / sizeof(*multipliers); m++) {
            const bool legal = multipliers[m] >= 1 << 30, found = agrees_everywhere(multipliers[m], shift);
            EXPECT(!legal || found == (shift <= -2), "shift %d is %s", (int)shift, found ? "solved" : "refused");
        }
        for (int i = 0; i < 100; i++)
            agrees_everywhere((int32_t)random_in(1 << 30, INT32_MAX), shift);
        EXPECT(agrees_everywhere(0, shift), "a factor of zero has any shift");
    }
}

static void test_refusals(void)
{
    struct assay_rescale16 s;
    EXPECT(!assay_rescale16_solve(-5, -3, 1000, &s), "no factor is negative");
    EXPECT(!assay_rescale16_solve(1 << 30, -3, INT64_C(1) << 31, &s), "a sum of more than 32 bits");
    EXPECT(!assay_rescale16_solve(0, 0, INT64_C(1) << 31, &s), "nor with a factor of zero, as sums begin at the bias");
    EXPECT(assay_rescale16_solve(1 << 30, -3, INT32_MAX, &s), "one of 32 bits");
}

int main(void)
{
    test_multipliers();
    test_refusals();
    return expect_report();
}
