/* What the NEON micro-kernels of gemm and conv share: tiles specialised by rows, and the way of floats to memory. */
#ifndef ASSAY_KERNELS_GEMM_AARCH64_NEON_TILE_H
#define ASSAY_KERNELS_GEMM_AARCH64_NEON_TILE_H

#include "kernels/core/reference.h"
#include "kernels/gemm/igemm.h"

#include <arm_neon.h>

#define TILE_INLINE __attribute__((always_inline)) static inline

/* compute(args, rows, ...) with rows a constant, for tiles of at most 6 rows: fewer rows cost fewer multiplications. */
#define TILE_BY_ROWS(compute, args, ...) \
    switch ((args)->rows) {              \
    case 1:                              \
        compute(args, 1, __VA_ARGS__);   \
        break;                           \
    case 2:                              \
        compute(args, 2, __VA_ARGS__);   \
        break;                           \
    case 3:                              \
        compute(args, 3, __VA_ARGS__);   \
        break;                           \
    case 4:                              \
        compute(args, 4, __VA_ARGS__);   \
        break;                           \
    case 5:                              \
        compute(args, 5, __VA_ARGS__);   \
        break;                           \
    default:                             \
        compute(args, 6, __VA_ARGS__);   \
    }

/* Stores the first `count` (4 for more) lanes. */
TILE_INLINE void store_part_f32(float *c, float32x4_t v, size_t count)
{
    if (count >= 4) {
        vst1q_f32(c, v);
        return;
    }
    float32x2_t pair = vget_low_f32(v);
    if (count & 2) {
        vst1_f32(c, pair);
        pair = vget_high_f32(v);
        c += 2;
    }
    if (count & 1)
        vst1_lane_f32(c, pair, 0);
}

/* Stores the first columns of `vectors` vectors as row `row` of the tile, clamped. */
TILE_INLINE void store_row_f32(const struct assay_igemm_args *args, size_t row, float32x4_t *v, const size_t vectors)
{
    float *c = (float *)(void *)((char *)args->c + row * args->c_stride);
    if (args->clamp) {
        const float32x4_t min = vdupq_n_f32(args->clamp_min), max = vdupq_n_f32(args->clamp_max);
        for (size_t j = 0; j < vectors; j++)
            v[j] = vminq_f32(max, vmaxq_f32(min, v[j]));
    }
    if (args->cols >= 4 * vectors) {
        for (size_t j = 0; j < vectors; j++)
            vst1q_f32(c + 4 * j, v[j]);
        return;
    }
    for (size_t j = 0; j < vectors && args->cols > 4 * j; j++)
        store_part_f32(c + 4 * j, v[j], args->cols - 4 * j);
}

#endif
