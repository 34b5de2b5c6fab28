/* Functions of real numbers in int32 fixed point: exp, logistic, tanh, 1/(1+x), 1/sqrt(x). "Qi.f" has i integer and f
 * fractional bits, i + f = 31. The polynomials, iterations and roundings are those of the public gemmlowp fixed-point
 * library, which the TFLite reference kernels are defined by: results are exact to the bit, not merely close. */
#ifndef ASSAY_MODELS_OPS_FIXED_MATH_H
#define ASSAY_MODELS_OPS_FIXED_MATH_H

#include <stdint.h>

/* Product of a Qi.f and a Qj.g, as a Q(i+j): the high half of 2ab, to nearest, ties up; saturated. */
static inline int32_t assay_fixed_multiply(int32_t a, int32_t b)
{
    if (a == INT32_MIN && b == INT32_MIN)
        return INT32_MAX;
    return (int32_t)(((int64_t)a * b + (INT64_C(1) << 30)) >> 31);
}

/* x / 2^exponent, to nearest, ties away from zero; exponent in [0, 31]. */
static inline int32_t assay_fixed_divide(int32_t x, int exponent)
{
    const int32_t mask = (int32_t)((INT64_C(1) << exponent) - 1);
    return (x >> exponent) + ((x & mask) > (mask >> 1) + (x < 0));
}

/* x * 2^exponent, saturated. */
static inline int32_t assay_fixed_shift(int32_t x, int exponent)
{
    const int64_t shifted = (int64_t)x * (INT64_C(1) << exponent);
    return (int32_t)(shifted > INT32_MAX ? INT32_MAX : shifted < INT32_MIN ? INT32_MIN : shifted);
}

/* exp(x) as Q0.31, for x <= 0 with `integer_bits` (2 … 5) integer bits. */
int32_t assay_fixed_exp(int32_t x, int integer_bits);

/* 1 / (1 + x) and (1 - x) / (1 + x), x and result Q0.31, for x in [0, 1). */
int32_t assay_fixed_one_over_one_plus(int32_t x);
int32_t assay_fixed_one_minus_over_one_plus(int32_t x);

/* Of a Q4.27, as Q0.31. */
int32_t assay_fixed_logistic(int32_t x);
int32_t assay_fixed_tanh(int32_t x);

/* 1 / x of an x > 0 with `integer_bits` integer bits: the result, Q0.31, is to be divided by 2^*excess_bits. */
int32_t assay_fixed_reciprocal(int32_t x, int integer_bits, int *excess_bits);

/* 1 / sqrt(x) of an integer x >= 0 (0 counts as 1) as multiplier * 2^(shift - 31). */
void assay_fixed_inverse_sqrt(int32_t x, int32_t *multiplier, int32_t *shift);

#endif
