/* int8 at one scale to int8 at another. There are 256 inputs, so packing tabulates the answers, by the contract's
 * arithmetic; and then looks for a factor and an offset such that nearest(x * factor + offset) in float, ties to even,
 * saturated, is the same for all of them: the factor itself, or a float beside it, because the contract's ties go away
 * from zero. Where none does it, single bytes are looked up. */
#define FROM int8_t
#define TO int8_t
#define CONVERSION ASSAY_I8_I8
#define MODE ASSAY_MODE_INT8
#include "kernels/core/fixed_point.h"
#include "kernels/quantize/x86_64/convert.h"

#include <math.h>

struct table {
    int8_t out[256]; /* by the input's bits */
    float factor, offset;
    bool is_fitted;
};

static size_t packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    (void)problem;
    return sizeof(struct table);
}

/* One element as fitted() below has it: a product and a sum that are rounded each by itself without a fused
 * multiply-add. */
static inline float affine(const struct table *table, int x)
{
#ifdef __FMA__
    return __builtin_fmaf((float)x, table->factor, table->offset);
#else
    const float product = (float)x * table->factor;
    return product + table->offset;
#endif
}

static bool fits(const struct table *table, int32_t zero)
{
    for (int x = INT8_MIN; x <= INT8_MAX; x++) {
        const long q = lrintf(affine(table, x)) + zero;
        if ((q < INT8_MIN ? INT8_MIN : q > INT8_MAX ? INT8_MAX : q) != table->out[(uint8_t)x])
            return false;
    }
    return true;
}

static bool pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                 const struct assay_weights *weights, void *packed)
{
    (void)kernel;
    const struct assay_quantization *q = &problem->quantization;
    const int32_t multiplier = weights->multiplier[0], shift = weights->shift[0], zero = q->out_zero;
    struct table *table = packed;
    for (int x = INT8_MIN; x <= INT8_MAX; x++) {
        const int32_t y = assay_rescale(x - q->in_zero, multiplier, shift);
        table->out[(uint8_t)x] = (int8_t)(assay_clamp_int(y, INT8_MIN - zero, INT8_MAX - zero) + zero);
    }
    const float exact = ldexpf((float)multiplier, shift - 31);
    table->is_fitted = false;
    for (int ulps = 0; ulps < 64 && !table->is_fitted; ulps++) {
        table->factor = exact * (1.0f + (float)ulps * 0x1p-23f);
        table->offset = -(float)q->in_zero * table->factor;
        table->is_fitted = fits(table, zero);
    }
    return true;
}

#ifdef __AVX512VBMI__
/* Two tables of 128 bytes, of inputs from 0 on and below 0. */
struct constants {
    vint quarters[4];
};

static struct constants constants_of(const struct assay_problem *problem, const void *packed)
{
    (void)problem;
    const struct table *table = packed;
    struct constants c;
    for (size_t i = 0; i < 4; i++)
        c.quarters[i] = vi_load(table->out + i * sizeof(vint));
    return c;
}

ASSAY_INLINE void step(const struct constants *c, const int8_t *in, int8_t *out)
{
    const vint x = vi_load(in);
    const vint positive = _mm512_permutex2var_epi8(c->quarters[0], x, c->quarters[1]);
    const vint negative = _mm512_permutex2var_epi8(c->quarters[2], x, c->quarters[3]);
    vi_store(out, _mm512_mask_blend_epi8(_mm512_movepi8_mask(x), positive, negative));
}
#else
struct constants {
    const struct table *table;
    vfloat factor, offset;
    vint zero;
};

static struct constants constants_of(const struct assay_problem *problem, const void *packed)
{
    const struct table *table = packed;
    return (struct constants){table, vf_set1(table->factor), vf_set1(table->offset),
                              vi_set1_i16((int16_t)problem->quantization.out_zero)};
}

ASSAY_INLINE void step(const struct constants *c, const int8_t *in, int8_t *out)
{
    if (!c->table->is_fitted) {
        for (size_t i = 0; i < STEP; i++)
            out[i] = c->table->out[(uint8_t)in[i]];
        return;
    }
    vint x[VECTORS];
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++)
        x[v] = vf_round(vf_fma(vi_to_float(vi_widen_i8(in + v * LANES)), c->factor, c->offset));
    vi_narrow_i8(out, x, c->zero);
}
#endif

#include "kernels/quantize/x86_64/convert_rows.h"
