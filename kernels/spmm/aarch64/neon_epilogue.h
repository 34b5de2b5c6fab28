/* How sums of integers begin and end, in int8 or, with SP_HYBRID, hybrid layers. */
#ifndef ASSAY_KERNELS_SPMM_AARCH64_NEON_EPILOGUE_H
#define ASSAY_KERNELS_SPMM_AARCH64_NEON_EPILOGUE_H

#include "kernels/spmm/aarch64/neon_store.h"

typedef int32x4_t sums;

#ifdef SP_HYBRID

/* Sums start at -zero * weight_sum, so that they end as those of (q - zero) * weight. */
SP_INLINE sums start(const struct assay_sptile_args *args, size_t channel, size_t vector)
{
    const int32x4x2_t row = vld2q_s32((const int32_t *)(const void *)(args->row + 4 * vector));
    return vmulq_n_s32(row.val[1], -args->weight_sum[channel]);
}

SP_INLINE void finish(const struct assay_sptile_args *args, size_t channel, sums *sum, const size_t vectors)
{
    const float32x4_t bias = vld1q_dup_f32((const float *)args->bias + channel);
    float32x4_t out[8];
    for (size_t v = 0; v < vectors; v++) {
        const float32x4x2_t row = vld2q_f32((const float *)(const void *)(args->row + 4 * v));
        out[v] = vfmaq_f32(bias, vcvtq_f32_s32(sum[v]), vmulq_n_f32(row.val[0], args->scale[channel]));
    }
    neon_store_f32(args, channel, out, vectors);
}

#else

SP_INLINE sums start(const struct assay_sptile_args *args, size_t channel, size_t vector)
{
    (void)vector;
    return vld1q_dup_s32((const int32_t *)args->bias + channel);
}

SP_INLINE void finish(const struct assay_sptile_args *args, size_t channel, sums *sum, const size_t vectors)
{
    neon_store_i8(args, channel, sum, vectors);
}

#endif

#endif
