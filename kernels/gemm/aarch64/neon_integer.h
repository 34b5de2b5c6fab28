/* How the integer tiles of NEON begin and end: 16 columns of int32 sums, as 4 vectors a row.
 * The includer says which layer it is by TILE_INT8 or TILE_HYBRID. */
#ifndef ASSAY_KERNELS_GEMM_AARCH64_NEON_INTEGER_H
#define ASSAY_KERNELS_GEMM_AARCH64_NEON_INTEGER_H

#include "kernels/core/aarch64/neon_bytes.h"
#include "kernels/core/aarch64/neon_rescale.h"
#include "kernels/gemm/aarch64/neon_tile.h"

#ifdef TILE_HYBRID

/* The sum of a row starts at -zero * weight_sum, so that it ends as that of (q - zero) * weight. */
TILE_INLINE int32x4_t start_sum(const struct assay_igemm_args *args, size_t row, size_t vector)
{
    return vmulq_n_s32(vld1q_s32(args->weight_sum + 4 * vector), -args->row[row].zero);
}

TILE_INLINE void finish_tile(const struct assay_igemm_args *args, int32x4_t (*sum)[4], const size_t rows,
                             const size_t vectors)
{
    const float *bias = args->bias;
    float32x4_t out[TILE_MOST_ROWS][4];
    for (size_t j = 0; j < vectors; j++) {
        const float32x4_t b = vld1q_f32(bias + 4 * j), scale = vld1q_f32(args->scale + 4 * j);
        for (size_t i = 0; i < rows; i++)
            out[i][j] = vfmaq_f32(b, vcvtq_f32_s32(sum[i][j]), vmulq_n_f32(scale, args->row[i].scale));
    }
    store_tile_float(args, out, rows, vectors);
}

#else

TILE_INLINE int32x4_t start_sum(const struct assay_igemm_args *args, size_t row, size_t vector)
{
    (void)row;
    return vld1q_s32((const int32_t *)args->bias + 4 * vector);
}

TILE_INLINE void finish_tile(const struct assay_igemm_args *args, int32x4_t (*sum)[4], const size_t rows,
                             const size_t vectors)
{
    const int32x4_t none = vdupq_n_s32(0);
    for (size_t j = 0; j < vectors; j++) {
        const int32x4_t multiplier = vld1q_s32(args->multiplier + 4 * j), shift = vld1q_s32(args->shift + 4 * j);
        const int32x4_t left = vmaxq_s32(shift, none), right = vminq_s32(shift, none);
        for (size_t i = 0; i < rows; i++)
            sum[i][j] = neon_rescale(sum[i][j], multiplier, left, right);
    }
    const int16x8_t zero = vdupq_n_s16((int16_t)args->out_zero);
    const int8x8_t min = vdup_n_s8((int8_t)args->out_min), max = vdup_n_s8((int8_t)args->out_max);
    int8_t edge[TILE_MOST_ROWS * 16];
    size_t step;
    char *to = tile_target(args, 4 * vectors, edge, 1, &step);
    for (size_t i = 0; i < rows; i++, to += step)
        for (size_t j = 0; j < vectors; j += 2) {
            const int16x8_t wide = vqmovn_high_s32(vqmovn_s32(sum[i][j]), sum[i][j + 1]);
            const int8x8_t narrow = vqmovn_s16(vqaddq_s16(wide, zero));
            vst1_s8((int8_t *)to + 4 * j, vmin_s8(max, vmax_s8(min, narrow)));
        }
    if (args->cols != 4 * vectors)
        store_edge(args, edge, 4 * vectors, 1);
}

#endif

#endif
