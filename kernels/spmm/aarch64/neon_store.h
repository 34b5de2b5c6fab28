/* The way of a channel's outputs, side by side in vectors, to the rows of the output. */
#ifndef ASSAY_KERNELS_SPMM_AARCH64_NEON_STORE_H
#define ASSAY_KERNELS_SPMM_AARCH64_NEON_STORE_H

#include "kernels/core/aarch64/neon_rescale.h"
#include "kernels/spmm/aarch64/neon_transpose.h"

/* Clamps and stores four rows a vector. */
SP_INLINE void neon_store_f32(const struct assay_sptile_args *args, size_t channel, float32x4_t *out,
                              const size_t vectors)
{
    char *c = (char *)args->c + channel * sizeof(float);
    const size_t stride = args->c_stride;
    if (args->clamp)
        for (size_t v = 0; v < vectors; v++)
            out[v] = vminq_f32(vdupq_n_f32(args->clamp_max), vmaxq_f32(vdupq_n_f32(args->clamp_min), out[v]));
    if (args->rows == 4 * vectors) {
        for (size_t v = 0; v < vectors; v++, c += 4 * stride) {
            vst1q_lane_f32((float *)(void *)c, out[v], 0);
            vst1q_lane_f32((float *)(void *)(c + stride), out[v], 1);
            vst1q_lane_f32((float *)(void *)(c + 2 * stride), out[v], 2);
            vst1q_lane_f32((float *)(void *)(c + 3 * stride), out[v], 3);
        }
        return;
    }
    float part[32];
    for (size_t v = 0; v < vectors; v++)
        vst1q_f32(part + 4 * v, out[v]);
    for (size_t r = 0; r < args->rows; r++, c += stride)
        *(float *)(void *)c = part[r];
}

/* Rescales, clamps and stores sums of four rows a vector as int8. */
SP_INLINE void neon_store_i8(const struct assay_sptile_args *args, size_t channel, int32x4_t *sum, const size_t vectors)
{
    const int32_t shift = args->shift[channel];
    const int32x4_t multiplier = vdupq_n_s32(args->multiplier[channel]);
    const int32x4_t left = vdupq_n_s32(shift > 0 ? shift : 0), right = vdupq_n_s32(shift < 0 ? shift : 0);
    const int16x8_t zero = vdupq_n_s16((int16_t)args->out_zero);
    const int8x8_t min = vdup_n_s8((int8_t)args->out_min), max = vdup_n_s8((int8_t)args->out_max);
    const bool whole = args->rows == 4 * vectors;
    const size_t stride = args->c_stride;
    int8_t *c = (int8_t *)args->c + channel, part[32];
    for (size_t v = 0; v < vectors; v += 2) {
        const int32x4_t low = neon_rescale(sum[v], multiplier, left, right);
        const int32x4_t high = neon_rescale(sum[v + 1], multiplier, left, right);
        const int16x8_t wide = vqaddq_s16(vqmovn_high_s32(vqmovn_s32(low), high), zero);
        const int8x8_t out = vmin_s8(max, vmax_s8(min, vqmovn_s16(wide)));
        if (whole) {
            vst1_lane_s8(c, out, 0);
            vst1_lane_s8(c + stride, out, 1);
            vst1_lane_s8(c + 2 * stride, out, 2);
            vst1_lane_s8(c + 3 * stride, out, 3);
            vst1_lane_s8(c + 4 * stride, out, 4);
            vst1_lane_s8(c + 5 * stride, out, 5);
            vst1_lane_s8(c + 6 * stride, out, 6);
            vst1_lane_s8(c + 7 * stride, out, 7);
            c += 8 * stride;
        } else {
            vst1_s8(part + 4 * v, out);
        }
    }
    for (size_t r = 0; !whole && r < args->rows; r++, c += stride)
        *c = part[r];
}

#endif
