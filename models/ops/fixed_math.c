#include "models/ops/fixed_math.h"

enum { HALF = 1 << 30, Q2_ONE = 1 << 29, Q3_ONE = 1 << 28 };

/* exp(x) for Q0.31 x in [-1/4, 0): four terms of the series around -1/8. */
static int32_t exp_small(int32_t x)
{
    const int32_t at_eighth = 1895147668, third = 715827883; /* exp(-1/8), 1/3 */
    const int32_t y = x + (1 << 28);
    const int32_t y2 = assay_fixed_multiply(y, y), y3 = assay_fixed_multiply(y2, y), y4 = assay_fixed_multiply(y2, y2);
    const int32_t high = assay_fixed_multiply(assay_fixed_divide(y4, 2) + y3, third); /* y^4/12 + y^3/3 */
    const int32_t series = y + assay_fixed_divide(high + y2, 1);
    return at_eighth + assay_fixed_multiply(at_eighth, series);
}

int32_t assay_fixed_exp(int32_t x, int integer_bits)
{
    /* exp(-2^e), e = -2 … 4, as Q0.31 */
    static const int32_t powers[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
    if (x == 0)
        return INT32_MAX;
    const int fraction_bits = 31 - integer_bits;
    const int32_t quarter = 1 << (fraction_bits - 2);
    const int32_t small = (x & (quarter - 1)) - quarter; /* x mod 1/4, in [-1/4, 0) */
    const uint32_t rest = (uint32_t)small - (uint32_t)x; /* a multiple of 1/4 */
    int32_t result = exp_small(assay_fixed_shift(small, integer_bits));
    for (int e = -2; e < integer_bits; e++)
        if (rest >> (fraction_bits + e) & 1)
            result = assay_fixed_multiply(result, powers[e + 2]);
    return result;
}

/* 2 / (1 + x) as Q2.29: Newton-Raphson division by (1 + x) / 2, which is in [1/2, 1). */
static int32_t two_over_one_plus(int32_t x)
{
    const int32_t first = 1515870810, slope = -1010580540; /* 48/17 and -32/17 in Q2.29 */
    const int32_t half = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2);
    int32_t guess = first + assay_fixed_multiply(half, slope);
    for (int i = 0; i < 3; i++) {
        const int32_t error = Q2_ONE - assay_fixed_multiply(half, guess);
        guess += assay_fixed_shift(assay_fixed_multiply(guess, error), 2);
    }
    return guess;
}

int32_t assay_fixed_one_over_one_plus(int32_t x)
{
    return assay_fixed_shift(two_over_one_plus(x), 1);
}

int32_t assay_fixed_one_minus_over_one_plus(int32_t x)
{
    return assay_fixed_shift(two_over_one_plus(x) - Q2_ONE, 2);
}

int32_t assay_fixed_logistic(int32_t x)
{
    if (x == 0)
        return HALF;
    const int32_t of_magnitude = assay_fixed_one_over_one_plus(assay_fixed_exp(x > 0 ? -x : x, 4));
    return x > 0 ? of_magnitude : INT32_MAX - of_magnitude;
}

int32_t assay_fixed_tanh(int32_t x)
{
    if (x == 0)
        return 0;
    /* exp(2x): the same bits with one integer bit more */
    const int32_t of_magnitude = assay_fixed_one_minus_over_one_plus(assay_fixed_exp(x > 0 ? -x : x, 5));
    return x > 0 ? of_magnitude : -of_magnitude;
}

int32_t assay_fixed_reciprocal(int32_t x, int integer_bits, int *excess_bits)
{
    const int leading = __builtin_clz((uint32_t)x);
    *excess_bits = integer_bits - leading;
    return assay_fixed_one_over_one_plus((int32_t)(((uint32_t)x << leading) - (UINT32_C(1) << 31)));
}

void assay_fixed_inverse_sqrt(int32_t x, int32_t *multiplier, int32_t *shift)
{
    if (x <= 1) {
        *multiplier = INT32_MAX;
        *shift = 0;
        return;
    }
    int right = 11;
    for (; x >= 1 << 29; x /= 4)
        right++;
    const int pairs = (__builtin_clz((uint32_t)x) - 1) / 2 - 1;
    right -= pairs;
    x *= 1 << (2 * pairs); /* now in [2^27, 2^29) */

    /* Newton-Raphson from 1: y = y * (3 - x * y^2) / 2, in Q3.28 */
    const int32_t value = x >> 1, half_value = assay_fixed_divide(value, 1), three_halves = Q3_ONE + Q3_ONE / 2;
    int32_t y = Q3_ONE;
    for (int i = 0; i < 5; i++) {
        const int32_t cube = assay_fixed_shift(assay_fixed_multiply(assay_fixed_multiply(y, y), y), 6);
        y = assay_fixed_shift(assay_fixed_multiply(three_halves, y) - assay_fixed_multiply(half_value, cube), 3);
    }
    *multiplier = assay_fixed_multiply(y, 1518500250); /* sqrt(2) / 2 */
    if (right < 0) {
        *multiplier = (int32_t)((uint32_t)*multiplier << -right);
        right = 0;
    }
    *shift = -right;
}
