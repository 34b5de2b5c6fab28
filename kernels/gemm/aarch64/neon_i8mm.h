/* The tile of integer products by smmla: 3 pairs of rows by 8 pairs of columns; an accumulator holds 2 x 2 sums over 8
 * k.
 *
 * 24 accumulators, 3 pairs of rows and 5 pairs of columns take the 32 registers. 8 k are 24 smmla, 4 ldp of weights, 6
 * loads of rows (low and high halves) and the loop: about .046 instructions per multiply-accumulate where .0313 is the
 * bound. Bound by the matrix pipes. Panels with at most 8 columns left take half of it; an odd row is paired with
 * itself. */
#ifndef ASSAY_KERNELS_GEMM_AARCH64_NEON_I8MM_H
#define ASSAY_KERNELS_GEMM_AARCH64_NEON_I8MM_H

#include "kernels/gemm/aarch64/neon_integer.h"

enum { MR = 6, NR = 16, KR = 8 };

/* The last `count` (1 to 7) of `k` bytes that begin at `row`, filled up with zeros; nothing outside the row is read. */
TILE_INLINE int8x8_t load_tail8(const int8_t *row, size_t k, size_t count)
{
    if (k < 8)
        return vget_low_s8(neon_load_tail16(row, k, count));
    const uint64x1_t ends = vreinterpret_u64_s8(vld1_s8(row + k - 8));
    return vreinterpret_s8_u64(vshl_u64(ends, vdup_n_s64(-8 * (int64_t)(8 - count))));
}

/* Eight k of two rows. */
TILE_INLINE int8x16_t load_pair(const int8_t *even, const int8_t *odd)
{
    const int64x2_t low = vcombine_s64(vreinterpret_s64_s8(vld1_s8(even)), vdup_n_s64(0));
    return vreinterpretq_s8_s64(vld1q_lane_s64((const void *)odd, low, 1));
}

/* Eight k of a row without a second. */
TILE_INLINE int8x16_t load_twice(const int8_t *row)
{
    return vreinterpretq_s8_s64(vld1q_dup_s64((const void *)row));
}

/* Eight k of all rows. */
#define STEP                                                     \
    for (size_t j = 0; j < 2 * vectors; j++) {                   \
        const int8x16_t weight = vld1q_s8(w + 16 * j);           \
        for (size_t i = 0; i < pairs; i++)                       \
            block[i][j] = vmmlaq_s32(block[i][j], x[i], weight); \
    }

/* `rows` and `vectors` are constants wherever this is inlined. */
TILE_INLINE void compute(const struct assay_igemm_args *args, const size_t rows, const size_t vectors)
{
    const size_t pairs = (rows + 1) / 2;
    const int8_t *w = args->w;
    int32x4_t block[MR / 2][NR / 2];
    for (size_t i = 0; i < pairs; i++)
        for (size_t j = 0; j < vectors; j++) {
            const int64x2_t even = vreinterpretq_s64_s32(start_sum(args, 2 * i, j));
            const int64x2_t odd = vreinterpretq_s64_s32(start_sum(args, 2 * i + 1, j));
            block[i][2 * j] = vreinterpretq_s32_s64(vzip1q_s64(even, odd));
            block[i][2 * j + 1] = vreinterpretq_s32_s64(vzip2q_s64(even, odd));
        }
    for (size_t tap = 0; tap < args->taps; tap++) {
        const int8_t *a[MR];
        for (size_t i = 0; i < rows; i++)
            a[i] = args->a[tap * MR + i];
        for (size_t steps = args->k / KR; steps > 0; steps--, w += KR * NR) {
            int8x16_t x[MR / 2];
            for (size_t i = 0; i < rows; i += 2)
                x[i / 2] = i + 1 < rows ? load_pair(a[i], a[i + 1]) : load_twice(a[i]);
            for (size_t i = 0; i < rows; i++)
                a[i] += KR;
            STEP
        }
        const size_t tail = args->k % KR;
        if (tail == 0)
            continue;
        int8x16_t x[MR / 2];
        for (size_t i = 0; i < rows; i += 2)
            x[i / 2] = vcombine_s8(load_tail8(args->a[tap * MR + i], args->k, tail),
                                   load_tail8(args->a[tap * MR + assay_min(i + 1, rows - 1)], args->k, tail));
        STEP w += KR * NR;
    }
    int32x4_t sum[MR][4];
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < vectors; j++) {
            const int64x2_t left = vreinterpretq_s64_s32(block[i / 2][2 * j]);
            const int64x2_t right = vreinterpretq_s64_s32(block[i / 2][2 * j + 1]);
            sum[i][j] = vreinterpretq_s32_s64(i % 2 ? vzip2q_s64(left, right) : vzip1q_s64(left, right));
        }
    finish_tile(args, sum, rows, vectors);
}

static void tile(const struct assay_igemm_args *args)
{
    if (args->cols > NR / 2) {
        TILE_BY_ROWS(compute, args, NR / 4)
    } else {
        TILE_BY_ROWS(compute, args, NR / 8)
    }
}

#endif
