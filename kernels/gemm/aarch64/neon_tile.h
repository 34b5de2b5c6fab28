/* What the NEON micro-kernels of gemm and conv share: tiles specialised by rows, and the way of floats to memory. */
#ifndef ASSAY_KERNELS_GEMM_AARCH64_NEON_TILE_H
#define ASSAY_KERNELS_GEMM_AARCH64_NEON_TILE_H

#include "kernels/core/reference.h"
#include "kernels/gemm/igemm.h"

#include <arm_neon.h>
#include <string.h>

#define TILE_INLINE __attribute__((always_inline)) static inline

enum { TILE_MOST_ROWS = 8 };

/* compute(args, rows, ...) with rows a constant: fewer rows cost fewer multiplications. */
#define TILE_CASE(compute, args, count, ...)     \
    case count:                                  \
        if ((count) <= MR)                       \
            compute(args, (count), __VA_ARGS__); \
        break;
#define TILE_BY_ROWS(compute, args, ...)         \
    switch ((args)->rows) {                      \
        TILE_CASE(compute, args, 1, __VA_ARGS__) \
        TILE_CASE(compute, args, 2, __VA_ARGS__) \
        TILE_CASE(compute, args, 3, __VA_ARGS__) \
        TILE_CASE(compute, args, 4, __VA_ARGS__) \
        TILE_CASE(compute, args, 5, __VA_ARGS__) \
        TILE_CASE(compute, args, 6, __VA_ARGS__) \
        TILE_CASE(compute, args, 7, __VA_ARGS__) \
        TILE_CASE(compute, args, 8, __VA_ARGS__) \
    }

/* The first `count` (1 to 7) elements of 16 bits at p, zeros behind; nothing beyond is read. */
TILE_INLINE uint16x8_t load_part16(const void *p, size_t count)
{
    const char *from = p;
    uint64_t four = 0, rest = 0, shift = 0;
    if (count & 4) {
        memcpy(&four, from, 8);
        from += 8;
    }
    if (count & 2) {
        uint32_t two;
        memcpy(&two, from, 4);
        rest = two;
        from += 4;
        shift = 32;
    }
    if (count & 1) {
        uint16_t one;
        memcpy(&one, from, 2);
        rest |= (uint64_t)one << shift;
    }
    return count & 4 ? vcombine_u16(vcreate_u16(four), vcreate_u16(rest))
                     : vcombine_u16(vcreate_u16(rest), vcreate_u16(0));
}

/* Copies args->cols elements of each row of a cut tile, whose rows are `columns` elements apart, to where they go. */
__attribute__((noinline, unused)) static void store_edge(const struct assay_igemm_args *args, const void *edge,
                                                         size_t columns, size_t element_size)
{
    for (size_t i = 0; i < args->rows; i++)
        memcpy((char *)args->c + i * args->c_stride, (const char *)edge + i * columns * element_size,
               args->cols * element_size);
}

/* Where the rows of a tile of `columns` go, and the bytes from one to the next: to memory or, where the layer has fewer
 * columns left, to `edge`. One way for both, as clang-19 spills in the main loop when many branches follow it. */
TILE_INLINE char *tile_target(const struct assay_igemm_args *args, size_t columns, void *edge, size_t element_size,
                              size_t *step)
{
    const bool whole = args->cols == columns;
    *step = whole ? args->c_stride : columns * element_size;
    return whole ? args->c : edge;
}

TILE_INLINE void clamp_tile(const struct assay_igemm_args *args, float32x4_t (*sum)[4], const size_t rows,
                            const size_t vectors)
{
    if (!args->clamp)
        return;
    const float32x4_t min = vdupq_n_f32(args->clamp_min), max = vdupq_n_f32(args->clamp_max);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < vectors; j++)
            sum[i][j] = vminq_f32(max, vmaxq_f32(min, sum[i][j]));
}

/* Clamps and stores a tile of f32 sums, as f32 or as f16. */
TILE_INLINE void store_tile_float(const struct assay_igemm_args *args, float32x4_t (*sum)[4], const size_t rows,
                                  const size_t vectors)
{
    clamp_tile(args, sum, rows, vectors);
    float edge[TILE_MOST_ROWS * 16];
    size_t step;
    char *to = tile_target(args, 4 * vectors, edge, sizeof(float), &step);
    for (size_t i = 0; i < rows; i++, to += step)
        for (size_t j = 0; j < vectors; j++)
            vst1q_f32((float *)(void *)to + 4 * j, sum[i][j]);
    if (args->cols != 4 * vectors)
        store_edge(args, edge, 4 * vectors, sizeof(float));
}

TILE_INLINE void store_tile_assay_f16(const struct assay_igemm_args *args, float32x4_t (*sum)[4], const size_t rows,
                                      const size_t vectors)
{
    clamp_tile(args, sum, rows, vectors);
    assay_f16 edge[TILE_MOST_ROWS * 16];
    size_t step;
    char *to = tile_target(args, 4 * vectors, edge, sizeof(assay_f16), &step);
    for (size_t i = 0; i < rows; i++, to += step)
        for (size_t j = 0; j < vectors; j++)
            vst1_f16((__fp16 *)(void *)to + 4 * j, vcvt_f16_f32(sum[i][j]));
    if (args->cols != 4 * vectors)
        store_edge(args, edge, 4 * vectors, sizeof(assay_f16));
}

#endif
