/* f32 to an integer type: the including file defines TO, CONVERSION and MODE; TO_I8 if TO is int8_t.
 *
 * The contract divides, and a division takes as long as ten multiplications. Where the quotient is not near the middle
 * between two integers, the product with the reciprocal leads to the same answer: for int8 it is taken in fixed point,
 * with 16 bits behind the point, and only where one of STEP is within MARGIN units of the middle are they divided.
 *
 * int16 leaves too few bits behind the point for that, but with a fused multiply-add a quotient comes out the same, to
 * the bit, of four. 1 / scale as the sum of two floats, high + low, gives a quotient q that is off by no more than
 * 0.5 + 2^-22 units in its last place (u); the remainder e = x - q * scale is then exact, and q + e * high off from
 * x / scale by less than (0.5 + 2^-22) * u * S * 2^-48, for scale = S * 2^n with 2^23 <= S < 2^24 (high is the float
 * next to 1 / scale). But x / scale is never closer than u / (2 * S) to the middle between two floats, because twice
 * its numerator is an integer; so for S < 2^24 - 4 both are rounded to the same float. The same holds for q = x * high,
 * which saves one of the four, if scale * high is near enough to 1 (is_short()). */
#define FROM float
#include "kernels/quantize/x86_64/convert.h"

#include <math.h>

/* Error of the fixed-point number, in its units of 2^-16, where the answer is not saturated, so that |x / scale| is at
 * most 257: 1 by the reciprocal, 1 as the product is rounded, 1/2 as the sum and 1/2 as the integer; and 1 by which the
 * contract's own rounded quotient is off. */
enum { POINT = 1 << 16, MARGIN = 5 };

enum division { DIVIDES, LONG_PRODUCT, SHORT_PRODUCT };

struct constants {
    vfloat scale, high, low, limit;
    vint zero;
    vfloat factor, offset; /* fixed point */
    enum division division;
    bool is_fixed;
};

#ifdef __FMA__
/* With d = |scale * high - 1|, q = x * high is off by 0.5 + 2^24 * d units at most, and q + e * high by d times that:
 * less than 1 / (2 * S). And e is exact if it has no more than 24 bits. */
static bool is_short(float scale, float high)
{
    int exponent;
    const float s = frexpf(scale, &exponent); /* S / 2^24 */
    const float d = fabsf(__builtin_fmaf(scale, high, -1.0f)) * 0x1p24f, error = 0.5f + d;
    return error * d * 2.0f * s < 0.999f && error * s < 0.999f;
}
#endif

static struct constants constants_of(const struct assay_problem *problem, const void *packed)
{
    (void)packed;
    const float scale = problem->quantization.out_scale;
    const int32_t zero = problem->quantization.out_zero;
    /* Beyond this many steps all is saturated, whatever the zero point. */
    const float limit = sizeof(TO) == sizeof(int8_t) ? 0x1p10f : 0x1p17f;
    struct constants c = {.scale = vf_set1(scale), .limit = vf_set1(limit), .division = DIVIDES};
    c.zero = sizeof(TO) == sizeof(int8_t) ? vi_set1_i16((int16_t)zero) : vi_set1(zero);
    if (sizeof(TO) == sizeof(int16_t) && zero != 0) /* no int16 has one: not worth an addition in the loop */
        return c;
    if (!(scale >= 0x1p-60f && scale <= 0x1p60f)) /* nothing below overflows or is subnormal where it matters */
        return c;
    const float high = 1.0f / scale;
    c.factor = vf_set1(high * (float)POINT);
    c.offset = vf_set1((float)(zero * POINT + POINT / 2 + MARGIN));
    c.is_fixed = sizeof(TO) == sizeof(int8_t);
#ifdef __FMA__
    uint32_t bits;
    memcpy(&bits, &scale, sizeof(bits));
    if ((bits & 0x7FFFFF) < 0x7FFFFC) {
        c.high = vf_set1(high);
        c.low = vf_set1(__builtin_fmaf(-high, scale, 1.0f) * high);
        c.limit = vf_set1(scale * limit); /* of x, not of the quotient */
        c.division = is_short(scale, high) ? SHORT_PRODUCT : LONG_PRODUCT;
    }
#endif
    return c;
}

ASSAY_INLINE void quotients(const struct constants *c, vfloat *x, const enum division division)
{
#ifdef __FMA__
    if (division != DIVIDES) {
        vfloat q[VECTORS];
        FOR_VECTORS(x[v] = vf_limit(x[v], c->limit))
        if (division == LONG_PRODUCT) {
            FOR_VECTORS(q[v] = vf_mul(x[v], c->low))
        }
        FOR_VECTORS(q[v] = division == SHORT_PRODUCT ? vf_mul(x[v], c->high) : vf_fma(x[v], c->high, q[v]))
        FOR_VECTORS(x[v] = vf_fnma(q[v], c->scale, x[v]))
        FOR_VECTORS(x[v] = vf_fma(x[v], c->high, q[v]))
        return;
    }
#else
    (void)division;
#endif
    FOR_VECTORS(x[v] = vf_limit(x[v] / c->scale, c->limit))
}

/* Where a quotient is too small for an integer, or a NaN, truncation gives INT32_MIN, which saturates. */
ASSAY_INLINE void divide(const struct constants *c, const float *in, TO *out, const enum division division)
{
    vint x[VECTORS];
    vfloat y[VECTORS];
    FOR_VECTORS(y[v] = vf_load(in + v * LANES))
    quotients(c, y, division);
    FOR_VECTORS(y[v] = vf_away(y[v]))
    FOR_VECTORS(x[v] = vf_truncate(y[v]))
#ifdef TO_I8
    vi_narrow_i8(out, x, c->zero);
#else
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS && division == DIVIDES; v++)
        x[v] = vi_add(vi_max(x[v], vi_set1(-(1 << 17))), c->zero);
    vi_narrow_i16(out, x[0], x[1]);
    vi_narrow_i16(out + STEP / 2, x[2], x[3]);
#endif
}

/* False, and out is to be made otherwise: near the middle, too large for fixed point (whose integer is then INT32_MIN,
 * with all 0 behind the point), or a NaN. */
ASSAY_INLINE bool multiply(const struct constants *c, const float *in, TO *out)
{
#ifdef TO_I8
    vint x[VECTORS];
    vfloat y[VECTORS];
    FOR_VECTORS(y[v] = vf_fma(vf_load(in + v * LANES), c->factor, c->offset))
    FOR_VECTORS(x[v] = vf_round(y[v]))
    vi_store_high_i8(out, x);
    return !vi_has_low_at_most(x, 2 * MARGIN);
#else
    (void)c;
    (void)in;
    (void)out;
    return false;
#endif
}

ASSAY_INLINE void step(const struct constants *c, const float *in, TO *out)
{
    if (c->is_fixed && multiply(c, in, out))
        return;
    if (c->division == SHORT_PRODUCT)
        divide(c, in, out, SHORT_PRODUCT);
    else if (c->division == LONG_PRODUCT)
        divide(c, in, out, LONG_PRODUCT);
    else
        divide(c, in, out, DIVIDES);
}

#include "kernels/quantize/x86_64/convert_rows.h"
