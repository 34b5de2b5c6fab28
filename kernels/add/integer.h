/* What the optimized integer kernels of add have in common: the contract's arithmetic (kernels/add/add.h) in steps of
 * 32 bits but one, and, for int8, a short float formula that gives the same bytes wherever it is used. */
#ifndef ASSAY_KERNELS_ADD_INTEGER_H
#define ASSAY_KERNELS_ADD_INTEGER_H

#include "kernels/core/kernel.h"

/* An operand's factor A or B. (x << left) * multiplier / 2^31, rounded, is x * multiplier / 2^bits with bits = 31 -
 * left; as high * 2^bits + low is the multiplier, x * high + (x * low, rounded) / 2^bits is the same in 32 bits. */
struct assay_add_operand {
    int32_t zero, high, low;
    int32_t half, fix; /* of the second rounding, see assay_add_round() */
    int32_t right;
};

/* The packed form: all that run needs. */
struct assay_add_integer {
    struct assay_add_operand a, b, sum; /* sum: its multiplier whole in `high`, and the output's zero point */
    int32_t sign;                       /* of b */
    int32_t low, high;                  /* the output's range */
    bool is_fitted;                     /* … and then, for all 65,536 pairs of int8, the output is */
    float a_factor, b_factor, offset;   /* clamp(nearest(fma(a, a_factor, fma(b, b_factor, offset))) + out_zero) */
};

/* x / 2^right, to nearest, ties away from zero: half = 2^(right - 1) and fix = -1, both 0 if right is. */
static inline int32_t assay_add_round(int32_t x, int32_t half, int32_t fix, int32_t right)
{
    return (x + half + ((x >> 31) & fix)) >> right;
}

static inline int32_t assay_add_scale(struct assay_add_operand o, int32_t q, int bits)
{
    const int32_t x = q - o.zero;
    const int32_t product = x * o.high + ((x * o.low + (1 << (bits - 1))) >> bits);
    return assay_add_round(product, o.half, o.fix, o.right);
}

/* One output. bits: 31 - left. */
static inline int32_t assay_add_exact(struct assay_add_integer c, int32_t a, int32_t b, int bits)
{
    const int32_t sum = assay_add_scale(c.a, a, bits) + c.sign * assay_add_scale(c.b, b, bits);
    const int32_t product = (int32_t)(((int64_t)sum * c.sum.high + (INT64_C(1) << 30)) >> 31);
    const int32_t out = assay_add_round(product, c.sum.half, c.sum.fix, c.sum.right) + c.sum.zero;
    return out < c.low ? c.low : out > c.high ? c.high : out;
}

/* The same for `count` elements, as loops that vectorize at the flags of whoever includes this. */
static inline void assay_add_exact_i8(const struct assay_add_integer *packed, const int8_t *a, const int8_t *b,
                                      int8_t *restrict out, size_t count)
{
    const struct assay_add_integer c = *packed;
    for (size_t i = 0; i < count; i++)
        out[i] = (int8_t)assay_add_exact(c, a[i], b[i], 31 - ASSAY_ADD_LEFT_I8);
}

static inline void assay_add_exact_i16(const struct assay_add_integer *packed, const int16_t *a, const int16_t *b,
                                       int16_t *restrict out, size_t count)
{
    const struct assay_add_integer c = *packed;
    for (size_t i = 0; i < count; i++)
        out[i] = (int16_t)assay_add_exact(c, a[i], b[i], 31 - ASSAY_ADD_LEFT_I16);
}

/* Of a kernel's descriptor. */
size_t assay_add_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem);
bool assay_add_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                    const struct assay_weights *weights, void *packed); /* is_fitted is false */

/* A kernel's two ways to compute int8: `fitted` uses the float formula whatever is_fitted says, `exact` does not. */
typedef void assay_add_row_fn(const struct assay_add_integer *packed, const int8_t *a, const int8_t *b, int8_t *out,
                              size_t count);

/* Looks for a float formula: tries factors around the real ones with the kernel's own code on all pairs, and keeps the
 * first that errs in none. Without any, is_fitted stays false: the exact way is there. */
void assay_add_fit(struct assay_add_integer *packed, assay_add_row_fn *fitted, assay_add_row_fn *exact);

#define ASSAY_ADD_INTEGER_KERNEL(symbol, its_mode, columns, ...) \
    const struct assay_kernel symbol = {                         \
        .name = #symbol,                                         \
        .origin = "assay",                                       \
        .op = ASSAY_OP_ADD,                                      \
        .mode = (its_mode),                                      \
        .structure = ASSAY_DENSE,                                \
        .accumulator = ASSAY_ACC_I32,                            \
        .features = ASSAY_ISA_FEATURES,                          \
        .rank = ASSAY_ISA_RANK,                                  \
        .tile = {1, (columns), 1},                               \
        .packed_size = assay_add_packed_size,                    \
        .run = run,                                              \
        __VA_ARGS__,                                             \
    }

#endif
