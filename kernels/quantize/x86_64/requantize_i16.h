/* int16 at one scale to int16 at another: the rescale of kernels/core/fixed_point.h, whose one multiplier and shift are
 * known before the loop. Its first rounding is that of a product of 48 bits; the second, where the factor is below 1/2,
 * an addition of half a unit, less 1 below zero, before the shift.
 *
 * With the multiplier as high * 2^16 + low, floor((x * multiplier + r) / 2^n) is floor((x * high + floor(x * low /
 * 2^16) + r / 2^16) / 2^(n - 16)). That takes zero points of 0, which those of int16 are; else the product is made in
 * 64 bits. Where the factor is below 1, all of it is done in 16 bits (rescale_words, halve_words); and where it is
 * below 2, too, as x * factor is x + x * (factor - 1), whose second term alone has a fraction. Where that is below half
 * of x, its multiplier is doubled, so that nothing has to be doubled behind the product. Beyond that the product of 16
 * bits whose high half vpmulhw keeps, and of 32 bits, are added up by vpmaddwd. */
#define FROM int16_t
#define TO int16_t
#define CONVERSION ASSAY_I16_I16
#define MODE ASSAY_MODE_INT16X8
#include "kernels/quantize/x86_64/convert.h"

struct rescale {
    int32_t multiplier, shift;
};

struct constants {
    vint in_zero, out_zero, multiplier, half;
    vint low, high, high_one, first_half, offset, power;
    int left, right;
    bool is_short;
    enum { NOT_IN_16_BITS, ONCE_ROUNDED, TWICE_ROUNDED, ADDED, ADDED_LESS } in_16_bits;
};

static size_t packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    (void)problem;
    return sizeof(struct rescale);
}

static bool pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                 const struct assay_weights *weights, void *packed)
{
    (void)kernel;
    (void)problem;
    *(struct rescale *)packed = (struct rescale){weights->multiplier[0], weights->shift[0]};
    return true;
}

struct halves {
    int32_t high, low; /* high * 2^16 + low; low is an int16, high may be 2^15 */
};

static struct halves halves_of(int32_t multiplier)
{
    const int32_t low = (int16_t)(uint16_t)(uint32_t)multiplier;
    return (struct halves){.high = (int32_t)(((int64_t)multiplier - low) / 65536), .low = low};
}

/* What rescale_words() takes, and whose results fit. */
static bool fits(struct halves m)
{
    return m.high <= INT16_MAX && m.high > INT16_MIN && m.low < INT16_MAX && m.low > -INT16_MAX;
}

static struct constants constants_of(const struct assay_problem *problem, const void *packed)
{
    const struct rescale *r = packed;
    const int left = r->shift > 0 ? r->shift : 0, right = left - r->shift;
    const struct halves m = halves_of(r->multiplier);
    struct constants c = {
        .high_one = vi_set1((m.high & 0xFFFF) | 0x10000),
        .first_half = vi_set1(left <= 14 ? (int32_t)1 << (14 - left) : 0),
        .is_short = m.high <= INT16_MAX && problem->quantization.in_zero == 0 && problem->quantization.out_zero == 0,
        .in_zero = vi_set1(problem->quantization.in_zero),
        .out_zero = vi_set1(problem->quantization.out_zero),
        .multiplier = vi_set1(r->multiplier),
        .half = vi_set1(right > 0 ? (int32_t)1 << (right - 1) : 0),
        .left = left,
        .right = right,
    };
    struct halves factor = m;
    if (c.is_short && left == 0 && right <= 15 && fits(m)) {
        c.in_16_bits = right > 0 ? TWICE_ROUNDED : ONCE_ROUNDED;
        c.power = vi_set1_i16((int16_t)(right > 0 ? 1 << (15 - right) : 0));
    } else if (c.is_short && left == 1 && r->multiplier >= 0) {
        const int32_t less_one = (int32_t)(2 * (int64_t)r->multiplier + INT32_MIN);
        const bool less = less_one >= -(1 << 30) && less_one < 1 << 30 && fits(halves_of(2 * less_one));
        factor = halves_of(less ? 2 * less_one : less_one);
        c.in_16_bits = less ? ADDED_LESS : fits(factor) ? ADDED : NOT_IN_16_BITS;
        factor = fits(factor) ? factor : m;
    }
    c.low = vi_set1_i16((int16_t)factor.low);
    c.high = vi_set1_i16((int16_t)factor.high);
    c.offset = vi_set1_i16((int16_t)((c.in_16_bits == ADDED_LESS ? 1 << 15 : 1 << 14) - 1));
    return c;
}

enum { WORD_VECTORS = STEP / (2 * LANES) };
#define FOR_WORDS(operation)                    \
    ASSAY_UNROLL                                \
    for (size_t v = 0; v < WORD_VECTORS; v++) { \
        operation;                              \
    }

/* The second rounding. */
ASSAY_INLINE vint halved(const struct constants *c, vint x)
{
    return vi_shift_signed(vi_add(vi_add(x, vi_shift_signed(x, 31)), c->half), c->right);
}

ASSAY_INLINE vint rescaled(const struct constants *c, const int16_t *in)
{
    const vint x = vi_shift_left(vi_sub(vi_widen_i16(in), c->in_zero), c->left);
    const vint y = vi_rounding_high(x, c->multiplier);
    return vi_add(c->right > 0 ? halved(c, y) : y, c->out_zero);
}

/* floor((x * (high * 2^16 + low) + 2^30) / 2^31) in each int16, for |low| < 2^15 - 1. Half the product by `high`, with
 * that by `low` and the rounding added to its lower 16 bits, which the average does without an overflow; the upper ones
 * count twice. `offset` is 2^14 - 1: the average adds the 1. `less`: the multiplier is twice as large, and `offset`
 * 2^15 - 1. */
ASSAY_INLINE void rescale_words(const struct constants *c, const vint *x, vint *y, const bool less)
{
    vint rest[WORD_VECTORS], low[WORD_VECTORS], high[WORD_VECTORS];
    FOR_WORDS(rest[v] = WORDS(mulhi_epi16)(x[v], c->low))
    FOR_WORDS(low[v] = WORDS(mullo_epi16)(x[v], c->high))
    FOR_WORDS(high[v] = WORDS(mulhi_epi16)(x[v], c->high))
    FOR_WORDS(rest[v] = WORDS(add_epi16)(rest[v], c->offset))
    FOR_WORDS(rest[v] = WORDS(avg_epu16)(low[v], rest[v]))
    FOR_WORDS(rest[v] = WORDS(srli_epi16)(rest[v], less ? 15 : 14))
    if (!less) {
        FOR_WORDS(high[v] = WORDS(add_epi16)(high[v], high[v]))
    }
    FOR_WORDS(y[v] = WORDS(add_epi16)(high[v], rest[v]))
}

/* y / 2^n, n = 1 to 15, rounded to nearest, ties away from zero; c->power is 2^(15 - n). */
ASSAY_INLINE void halve_words(const struct constants *c, vint *y)
{
    vint sign[WORD_VECTORS];
    FOR_WORDS(sign[v] = WORDS(srai_epi16)(y[v], 15))
    FOR_WORDS(y[v] = WORDS(adds_epi16)(y[v], sign[v]))
    FOR_WORDS(y[v] = WORDS(mulhrs_epi16)(y[v], c->power))
}

/* All is read before anything is written, which the next address to be read may look like (convert_rows.h). */
ASSAY_INLINE void convert_in_16_bits(const struct constants *c, const int16_t *in, int16_t *out)
{
    vint x[WORD_VECTORS], y[WORD_VECTORS];
    FOR_WORDS(x[v] = vi_load(in + 2 * v * LANES))
    if (c->in_16_bits == ADDED_LESS)
        rescale_words(c, x, y, true);
    else
        rescale_words(c, x, y, false);
    if (c->in_16_bits == TWICE_ROUNDED) {
        halve_words(c, y);
    } else if (c->in_16_bits != ONCE_ROUNDED) {
        FOR_WORDS(y[v] = WORDS(adds_epi16)(x[v], y[v]))
    }
    FOR_WORDS(vi_store(out + 2 * v * LANES, y[v]))
}

ASSAY_INLINE void convert_short(const struct constants *c, const int16_t *in, int16_t *out, const bool halves)
{
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v += 2) {
        vint x[2];
        vi_scale_i16(vi_load(in + v * LANES), c->low, c->high_one, &x[0], &x[1]);
        ASSAY_UNROLL
        for (size_t i = 0; i < 2; i++) {
            x[i] = vi_shift_signed(vi_add(x[i], c->first_half), 15 - c->left);
            if (halves)
                x[i] = halved(c, x[i]);
        }
        vi_store(out + v * LANES, vi_unsplit(x[0], x[1]));
    }
}

ASSAY_INLINE void step(const struct constants *c, const int16_t *in, int16_t *out)
{
    if (c->in_16_bits != NOT_IN_16_BITS) {
        convert_in_16_bits(c, in, out);
    } else if (c->is_short && c->right == 0) {
        convert_short(c, in, out, false);
    } else if (c->is_short) {
        convert_short(c, in, out, true);
    } else {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v += 2)
            vi_narrow_i16(out + v * LANES, rescaled(c, in + v * LANES), rescaled(c, in + (v + 1) * LANES));
    }
}

#include "kernels/quantize/x86_64/convert_rows.h"
