/* Dynamic quantization of a row, as kernels/quantize/dynamic.h defines it, LANES elements at once. Conversion to
 * integers rounds to nearest even as the definition's addition of a magic number does. */
#ifndef ASSAY_KERNELS_QUANTIZE_X86_64_DYNAMIC_H
#define ASSAY_KERNELS_QUANTIZE_X86_64_DYNAMIC_H

#include "kernels/core/x86_64/simd.h"
#include "kernels/quantize/dynamic.h"
#include "kernels/quantize/x86_64/vectors.h"

#include <math.h>

/* By integers, of which a core compares more at once than floats: as signed ones, positive floats are in their order
 * and above all negative ones; as unsigned ones, negative floats are in the reverse order and above all positive ones.
 * Lanes beyond `count` read as 0, which the range includes anyway. */
static void row_range(const float *x, size_t count, float *min, float *max)
{
    enum { CHAINS = 4 };
    vint low[CHAINS], high[CHAINS];
    ASSAY_UNROLL
    for (size_t j = 0; j < CHAINS; j++) {
        low[j] = vi_from_float_bits(vf_set1(-fabsf(*min))); /* not above 0, which is to be -0 here */
        high[j] = vi_from_float_bits(vf_set1(*max));
    }
    size_t i = 0;
    for (; i + CHAINS * LANES <= count; i += CHAINS * LANES) {
        ASSAY_UNROLL
        for (size_t j = 0; j < CHAINS; j++) {
            const vint y = vi_load(x + i + j * LANES);
            low[j] = vi_max_unsigned(low[j], y);
            high[j] = vi_max(high[j], y);
        }
    }
    for (; i < count; i += LANES) {
        const vint y = vi_from_float_bits(vf_load_part(x + i, count - i));
        low[0] = vi_max_unsigned(low[0], y);
        high[0] = vi_max(high[0], y);
    }
    const vint least = vi_max_unsigned(vi_max_unsigned(low[0], low[1]), vi_max_unsigned(low[2], low[3]));
    const vint most = vi_max(vi_max(high[0], high[1]), vi_max(high[2], high[3]));
    *min = vf_reduce_min(vf_from_bits(least));
    *max = vf_reduce_max(vf_from_bits(most));
}

/* Saturation is that of narrowing: where the definition leaves q open, a conversion that overflows gives a great
 * negative number. */
static void row_quantize(const float *x, size_t count, struct assay_row_quantization row, int8_t *q)
{
    enum { VECTORS_AT_ONCE = 4, AT_ONCE = VECTORS_AT_ONCE * LANES };
    const vfloat inverse_scale = vf_set1(1.0f / row.scale);
    const vint zero = vi_set1_i16((int16_t)row.zero);
    size_t i = 0;
    for (; i + AT_ONCE <= count; i += AT_ONCE) {
        vint y[VECTORS_AT_ONCE];
        ASSAY_UNROLL
        for (size_t j = 0; j < VECTORS_AT_ONCE; j++)
            y[j] = vf_round(vf_mul(vf_load(x + i + j * LANES), inverse_scale));
        vi_narrow_i8(q + i, y, zero);
    }
    for (; i < count; i += LANES) {
        const vint y = vf_round(vf_mul(vf_load_part(x + i, count - i), inverse_scale));
        const vint bounded = vi_min(vi_max(y, vi_set1(-1024)), vi_set1(1024));
        vi_store_part_i8(q + i, count - i, vi_add(bounded, vi_set1(row.zero)));
    }
}

#endif
