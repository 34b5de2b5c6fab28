/* The tile of integer products by sdot: 6 rows by 4 vectors of 4 columns; a lane sums 4 k.
 *
 * 24 accumulators, 6 vectors of input (16 k of each row) and 2 of weights take the 32 registers. 16 k are 96 sdot by
 * element, 8 ldp of weights, 6 ldr of rows and 5 for the loop: .0749 instructions per multiply-accumulate where .0625
 * is the bound. Bound by the dot product pipes. Panels with at most 8 columns left take half of it. */
#ifndef ASSAY_KERNELS_GEMM_AARCH64_NEON_DOT_H
#define ASSAY_KERNELS_GEMM_AARCH64_NEON_DOT_H

#include "kernels/gemm/aarch64/neon_integer.h"

enum { MR = 6, NR = 16, KR = 4 };

/* Four k, element `lane` of the inputs: a macro, as the element must be a constant in the source. */
#define STEP(lane)                                                        \
    for (size_t j = 0; j < vectors; j++) {                                \
        const int8x16_t weight = vld1q_s8(w + (lane) * NR * KR + 16 * j); \
        for (size_t i = 0; i < rows; i++)                                 \
            sum[i][j] = vdotq_laneq_s32(sum[i][j], weight, x[i], lane);   \
    }

/* `rows` and `vectors` are constants wherever this is inlined. */
TILE_INLINE void compute(const struct assay_igemm_args *args, const size_t rows, const size_t vectors)
{
    const int8_t *w = args->w;
    int32x4_t sum[MR][NR / 4];
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < vectors; j++)
            sum[i][j] = start_sum(args, i, j);
    for (size_t tap = 0; tap < args->taps; tap++) {
        const int8_t *a[MR];
        for (size_t i = 0; i < rows; i++)
            a[i] = args->a[tap * MR + i];
        for (size_t steps = args->k / 16; steps > 0; steps--, w += 16 * NR) {
            int8x16_t x[MR];
            for (size_t i = 0; i < rows; i++) {
                x[i] = vld1q_s8(a[i]);
                a[i] += 16;
            }
            STEP(0)
            STEP(1)
            STEP(2)
            STEP(3)
        }
        const size_t tail = args->k % 16;
        if (tail == 0)
            continue;
        int8x16_t x[MR];
        for (size_t i = 0; i < rows; i++)
            x[i] = neon_load_tail16(args->a[tap * MR + i], args->k, tail);
        STEP(0)
        if (tail > 4)
            STEP(1)
        if (tail > 8)
            STEP(2)
        if (tail > 12)
            STEP(3)
        w += assay_round_up(tail, KR) * NR;
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
