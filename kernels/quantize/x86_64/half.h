/* Between f32 and f16: the including file defines FROM, TO and CONVERSION. */
#define MODE ASSAY_MODE_FP16
#include "kernels/quantize/x86_64/convert.h"

struct constants {
    char none;
};

static struct constants constants_of(const struct assay_problem *problem, const void *packed)
{
    (void)problem;
    (void)packed;
    return (struct constants){0};
}

ASSAY_INLINE void step(const struct constants *c, const FROM *in, TO *out)
{
    (void)c;
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++)
        vf_store_part(out + v * LANES, LANES, vf_load(in + v * LANES));
}

#include "kernels/quantize/x86_64/convert_rows.h"
