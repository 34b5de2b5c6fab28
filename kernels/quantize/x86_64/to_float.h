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
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++) {
        const vint q = vi_sub(widen(in + v * LANES), c->zero);
        vf_store(out + v * LANES, vf_mul(vi_to_float(q), c->scale));
    }
}

#include "kernels/quantize/x86_64/convert_rows.h"
