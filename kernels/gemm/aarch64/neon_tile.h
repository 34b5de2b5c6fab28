/* What the NEON micro-kernels of gemm and conv share: tiles specialised by rows, and the way of floats to memory. */
#ifndef ASSAY_KERNELS_GEMM_AARCH64_NEON_TILE_H
#define ASSAY_KERNELS_GEMM_AARCH64_NEON_TILE_H

#include "kernels/core/reference.h"
#include "kernels/gemm/igemm.h"

#include <arm_neon.h>
#include <string.h>

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

/* Copies the first args->cols elements of args->rows rows of 16 into the tile: the edge of a layer. */
__attribute__((noinline, unused)) static void store_edge(const struct assay_igemm_args *args, const void *whole,
                                                         size_t element_size)
{
    for (size_t i = 0; i < args->rows; i++)
        memcpy((char *)args->c + i * args->c_stride, (const char *)whole + 16 * i * element_size,
               args->cols * element_size);
}

/* Where the rows of a tile go, and the bytes from one to the next: to memory or, where the layer has fewer columns than
 * `columns`, to `edge`. One way for both, as clang-19 spills in the main loop when many branches follow it. */
TILE_INLINE char *tile_target(const struct assay_igemm_args *args, size_t columns, void *edge, size_t element_size,
                              size_t *step)
{
    const bool whole = args->cols == columns;
    *step = whole ? args->c_stride : 16 * element_size;
    return whole ? args->c : edge;
}

/* Clamps and stores a tile of floats. */
TILE_INLINE void store_tile_f32(const struct assay_igemm_args *args, float32x4_t (*sum)[4], const size_t rows,
                                const size_t vectors)
{
    if (args->clamp) {
        const float32x4_t min = vdupq_n_f32(args->clamp_min), max = vdupq_n_f32(args->clamp_max);
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < vectors; j++)
                sum[i][j] = vminq_f32(max, vmaxq_f32(min, sum[i][j]));
    }
    float edge[6 * 16];
    size_t step;
    char *to = tile_target(args, 4 * vectors, edge, sizeof(float), &step);
    for (size_t i = 0; i < rows; i++, to += step)
        for (size_t j = 0; j < vectors; j++)
            vst1q_f32((float *)(void *)to + 4 * j, sum[i][j]);
    if (args->cols != 4 * vectors)
        store_edge(args, edge, sizeof(float));
}

#endif
