/* Rescaling against its definition in exact arithmetic, and the factors that feed it. */
#include "kernels/core/fixed_point.h"
#include "tests/core/expect.h"

#include <math.h>

/* floor(x / 2^bits), whatever the sign: division and remainder, where the code under test shifts. */
static __int128 floor_div(__int128 x, int bits)
{
    const __int128 divisor = (__int128)1 << bits, quotient = x / divisor;
    return quotient - (x % divisor < 0);
}

/* The definition in fixed_point.h, step by step. */
static int64_t rescale_exact(int64_t x, int64_t multiplier, int shift)
{
    __int128 a = (__int128)x * ((__int128)1 << (shift > 0 ? shift : 0));
    a -= floor_div(a, 32) * ((__int128)1 << 32); /* modulo 2^32, as a signed number */
    if (a >= (__int128)1 << 31)
        a -= (__int128)1 << 32;
    const __int128 b = floor_div(a * multiplier + (1 << 30), 31);
    const int right = shift < 0 ? -shift : 0;
    const __int128 magnitude = b < 0 ? -b : b;
    const __int128 rounded = right == 0 ? magnitude : (magnitude + ((__int128)1 << (right - 1))) >> right;
    return (int64_t)(b < 0 ? -rounded : rounded);
}

static int64_t rescale64_exact(int64_t x, int64_t multiplier, int shift)
{
    int64_t reduced = (multiplier + (1 << 15)) / (1 << 16);
    if (reduced > 0x7FFF)
        reduced = 0x7FFF;
    const int total = 15 - shift;
    return (int64_t)floor_div((__int128)x * reduced + ((__int128)1 << (total - 1)), total);
}

static const int32_t multipliers[] = {
    0, 1 << 30, (1 << 30) + 1, (1 << 30) + 0x8000, 1518500250, INT32_MAX - 0xFFFF, INT32_MAX};
enum { MULTIPLIERS = sizeof(multipliers) / sizeof(multipliers[0]) };

static void test_rescale(void)
{
    static const int32_t values[] = {0,   1,    -1,   2,        -2,         3,         -3,          5,        -5,
                                     127, -128, 1000, -1000000, 1073741823, INT32_MAX, -1073741824, INT32_MIN};
    for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
        for (size_t m = 0; m < MULTIPLIERS; m++) {
            for (int32_t shift = -31; shift <= 7; shift++) {
                const int64_t got = assay_rescale(values[v], multipliers[m], shift);
                const int64_t want = rescale_exact(values[v], multipliers[m], shift);
                EXPECT(got == want, "rescale(%d, %d, %d) is %lld, not %lld", (int)values[v], (int)multipliers[m],
                       (int)shift, (long long)got, (long long)want);
            }
        }
    }
    /* Ties: the halves of 1/2 go away from zero. */
    EXPECT(assay_rescale(3, 1 << 30, -1) == 1, "3 / 4 is 1, got %d", (int)assay_rescale(3, 1 << 30, -1));
    EXPECT(assay_rescale(10, 1 << 30, -1) == 3, "10 / 4 is 3, got %d", (int)assay_rescale(10, 1 << 30, -1));
    EXPECT(assay_rescale(-10, 1 << 30, -1) == -3, "-10 / 4 is -3, got %d", (int)assay_rescale(-10, 1 << 30, -1));
}

static void test_rescale64(void)
{
    static const int64_t values[] = {0, 1, -1, 3, -3, 32767, -32768, 1000003, -1000003, INT32_MAX, INT32_MIN};
    for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
        for (size_t m = 0; m < MULTIPLIERS; m++) {
            for (int32_t shift = -31; shift <= 0; shift++) {
                const int64_t got = assay_rescale64(values[v], multipliers[m], shift);
                const int64_t want = rescale64_exact(values[v], multipliers[m], shift);
                EXPECT(got == want, "rescale64(%lld, %d, %d) is %lld, not %lld", (long long)values[v],
                       (int)multipliers[m], (int)shift, (long long)got, (long long)want);
            }
        }
    }
    const int64_t wide = (INT64_C(1) << 47) - 1; /* the largest sum */
    EXPECT(assay_rescale64(wide, INT32_MAX, -31) == rescale64_exact(wide, INT32_MAX, -31), "2^47 - 1 overflows");
}

static void test_factor(void)
{
    int32_t multiplier, shift;
    for (double real = 4e-10; real < 127; real *= 1.37) {
        assay_fixed_point(real, &multiplier, &shift);
        const double back = ldexp(multiplier, shift - 31);
        EXPECT(multiplier >= 1 << 30 && shift >= -31 && shift <= 7, "%g gives %d, %d", real, (int)multiplier,
               (int)shift);
        EXPECT(fabs(back - real) <= ldexp(real, -31), "%g comes back as %.17g", real, back);
    }
    assay_fixed_point(0.5, &multiplier, &shift);
    EXPECT(multiplier == 1 << 30 && shift == 0, "1/2 is %d, %d", (int)multiplier, (int)shift);
    assay_fixed_point(1.0 - ldexp(1, -40), &multiplier, &shift); /* rounds up to the next power of two */
    EXPECT(multiplier == 1 << 30 && shift == 1, "1 is %d, %d", (int)multiplier, (int)shift);
    assay_fixed_point(1e-12, &multiplier, &shift);
    EXPECT(multiplier == 0 && shift == 0, "too small is %d, %d", (int)multiplier, (int)shift);
    assay_fixed_point(1e6, &multiplier, &shift);
    EXPECT(multiplier == INT32_MAX && shift == 7, "too large is %d, %d", (int)multiplier, (int)shift);
    assay_fixed_point(NAN, &multiplier, &shift);
    EXPECT(multiplier == 0 && shift == 0, "NaN is %d, %d", (int)multiplier, (int)shift);
}

int main(void)
{
    test_rescale();
    test_rescale64();
    test_factor();
    return expect_report();
}
