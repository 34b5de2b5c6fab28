/* Dynamic quantization of a row, as kernels/quantize/dynamic.h defines it, LANES elements at once. Conversion to
 * integers rounds to nearest even as the definition's addition of a magic number does. */
#ifndef ASSAY_KERNELS_QUANTIZE_X86_64_DYNAMIC_H
#define ASSAY_KERNELS_QUANTIZE_X86_64_DYNAMIC_H

#include "kernels/core/x86_64/simd.h"
#include "kernels/quantize/dynamic.h"

/* Lanes beyond `count` read as 0, which the range includes anyway. vf_min and vf_max pass over a NaN in their first
 * operand. */
static void row_range(const float *x, size_t count, float *min, float *max)
{
    enum { CHAINS = 4 };
    vfloat low[CHAINS], high[CHAINS];
    ASSAY_UNROLL
    for (size_t j = 0; j < CHAINS; j++) {
        low[j] = vf_set1(*min);
        high[j] = vf_set1(*max);
    }
    size_t i = 0;
    for (; i + CHAINS * LANES <= count; i += CHAINS * LANES) {
        ASSAY_UNROLL
        for (size_t j = 0; j < CHAINS; j++) {
            const vfloat y = vf_load(x + i + j * LANES);
            low[j] = vf_min(y, low[j]);
            high[j] = vf_max(y, high[j]);
        }
    }
    for (; i < count; i += LANES) {
        const vfloat y = vf_load_part(x + i, count - i);
        low[0] = vf_min(y, low[0]);
        high[0] = vf_max(y, high[0]);
    }
    *min = vf_reduce_min(vf_min(vf_min(low[0], low[1]), vf_min(low[2], low[3])));
    *max = vf_reduce_max(vf_max(vf_max(high[0], high[1]), vf_max(high[2], high[3])));
}

static void row_quantize(const float *x, size_t count, struct assay_row_quantization row, int8_t *q)
{
    const vfloat inverse_scale = vf_set1(1.0f / row.scale);
    const vint zero = vi_set1(row.zero);
    for (size_t i = 0; i < count; i += LANES) {
        const vfloat scaled = vf_mul(vf_load_part(x + i, count - i), inverse_scale);
        const vfloat bounded = vf_min(vf_max(scaled, vf_set1(-1024.0f)), vf_set1(1024.0f));
        vi_store_part_i8(q + i, count - i, vi_add(vf_round(bounded), zero));
    }
}

#endif
