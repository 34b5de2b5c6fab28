/* An integer type to f32: the including file defines FROM, CONVERSION and MODE. A difference of 16-bit numbers is exact
 * as a float, so that only the product is rounded, as in the contract. */
#define TO float
#include "kernels/quantize/x86_64/convert.h"

struct constants {
    vint zero;
    vfloat scale;
};

static struct constants constants_of(const struct assay_problem *problem, const void *packed)
{
    (void)packed;
    return (struct constants){vi_set1(problem->quantization.in_zero), vf_set1(problem->quantization.in_scale)};
}

ASSAY_INLINE vint widen(const FROM *from)
{
    return sizeof(FROM) == sizeof(int8_t) ? vi_widen_i8((const int8_t *)from)
                                          : vi_widen_i16((const int16_t *)(const void *)from);
}

ASSAY_INLINE void step(const struct constants *c, const FROM *in, float *out)
{
    vint x[VECTORS];
    vfloat y[VECTORS];
    FOR_VECTORS(x[v] = widen(in + v * LANES))
    FOR_VECTORS(x[v] = vi_sub(x[v], c->zero))
    FOR_VECTORS(y[v] = vi_to_float(x[v]))
    FOR_VECTORS(y[v] = vf_mul(y[v], c->scale))
    FOR_VECTORS(vf_store(out + v * LANES, y[v]))
}

#include "kernels/quantize/x86_64/convert_rows.h"
