/* From the integer sums of a pixel to its output, for the mode MODE of the including file. */
#ifndef ASSAY_KERNELS_DWCONV_X86_64_INT_STORE_H
#define ASSAY_KERNELS_DWCONV_X86_64_INT_STORE_H

#include "kernels/core/fixed_point.h"
#include "kernels/core/x86_64/simd.h"
#include "kernels/dwconv/dwindirect.h"

/* What rescales LANES channels, loaded once for several pixels: stores of bytes might alias it for all a compiler
 * knows. */
struct rescaling {
    vint bias, multiplier, shift; /* int8 */
    vint weight_sum;              /* hybrid */
    vfloat scale, float_bias;
};

ASSAY_INLINE struct rescaling load_rescaling(const struct assay_dw_args *args, size_t first)
{
    struct rescaling r = {0};
    if (MODE == ASSAY_MODE_INT8) {
        r.bias = vi_load((const int32_t *)args->bias + first);
        r.multiplier = vi_load(args->multiplier + first);
        r.shift = vi_load(args->shift + first);
    } else if (MODE == ASSAY_MODE_HYBRID) {
        r.weight_sum = vi_mul(vi_set1(args->row.zero), vi_load(args->weight_sum + first));
        r.scale = vf_mul(vf_set1(args->row.scale), vf_load(args->scale + first));
        r.float_bias = vf_load((const float *)args->bias + first);
    }
    return r;
}

ASSAY_INLINE void store_i16(const struct assay_dw_args *args, int16_t *out, size_t first, vint sums)
{
    int32_t sum[LANES];
    int16_t x[LANES];
    const int64_t *bias = (const int64_t *)args->bias + first;
    vi_store(sum, sums);
    for (size_t i = 0; i < LANES; i++) {
        const int32_t y = assay_rescale64(bias[i] + sum[i], args->multiplier[first + i], args->shift[first + i]);
        x[i] = (int16_t)assay_clamp_int(y, args->out_min, args->out_max);
    }
    memcpy(out + first, x, assay_min(LANES, args->channels - first) * sizeof(*x));
}

/* Channels `first` to first + LANES of a pixel, as far as they exist; `first` does. */
ASSAY_INLINE void store(const struct assay_dw_args *args, struct rescaling r, size_t pixel, size_t first, vint sums)
{
    void *out = (char *)args->out + pixel * args->out_stride;
    const size_t count = args->channels - first;
    if (MODE == ASSAY_MODE_INT8) {
        const vint x = vi_rescale(vi_add(sums, r.bias), r.multiplier, r.shift);
        vi_store_part_i8((int8_t *)out + first, count,
                         vi_offset_clamp(x, args->out_zero, args->out_min, args->out_max));
    } else if (MODE == ASSAY_MODE_HYBRID) {
        const vfloat x = vf_fma(vi_to_float(vi_sub(sums, r.weight_sum)), r.scale, r.float_bias);
        vf_store_part((float *)out + first, count, args->clamp ? vf_clamp(x, args->clamp_min, args->clamp_max) : x);
    } else {
        store_i16(args, out, first, sums);
    }
}

#endif
