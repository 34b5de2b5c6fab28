/* The tile of integer products without dot product instructions: 8 rows by 2 vectors of 4 columns.
 *
 * Weights are packed in pairs of k. A pair of inputs is spread over a vector; smull and smlal multiply two such pairs
 * by the weights of four columns and add them in 16 bits, which holds two products as weights are never -128: 2 * 128 *
 * 127 < 2^15; sadalp adds the halves to the sums. 3 instructions are 16 multiply-accumulates.
 *
 * 16 accumulators, 4 vectors of weights (8 k), 4 of spread inputs and 4 of products take 28 registers. 8 k are 96 of
 * these instructions, 8 ld4r that load and spread 8 inputs of a row, 2 ldp of weights and the loop: .213 instructions
 * per multiply-accumulate where .1875 is the bound. Bound by the multiply and the accumulate pipes. */
#ifndef ASSAY_KERNELS_GEMM_AARCH64_NEON_MULL_H
#define ASSAY_KERNELS_GEMM_AARCH64_NEON_MULL_H

#include "kernels/gemm/aarch64/neon_integer.h"

enum { MR = 8, NR = 8, KR = 2 };

/* Adds the products of eight k of one row. In assembly, as clang-19 spreads the inputs of all rows first, and spills.
 */
TILE_INLINE void multiply_row(int32x4_t *sum, const int8_t **row, const int8x16_t *w)
{
    __asm__("ld4r {v0.8h, v1.8h, v2.8h, v3.8h}, [%[row]], #8\n"
            "smull v4.8h, v0.8b, %[w0].8b\n"
            "smull2 v5.8h, v0.16b, %[w0].16b\n"
            "smull v6.8h, v2.8b, %[w2].8b\n"
            "smull2 v7.8h, v2.16b, %[w2].16b\n"
            "smlal v4.8h, v1.8b, %[w1].8b\n"
            "smlal2 v5.8h, v1.16b, %[w1].16b\n"
            "smlal v6.8h, v3.8b, %[w3].8b\n"
            "smlal2 v7.8h, v3.16b, %[w3].16b\n"
            "sadalp %[low].4s, v4.8h\n"
            "sadalp %[high].4s, v5.8h\n"
            "sadalp %[low].4s, v6.8h\n"
            "sadalp %[high].4s, v7.8h\n"
            : [low] "+&w"(sum[0]), [high] "+&w"(sum[1]), [row] "+r"(*row)
            : [w0] "w"(w[0]), [w1] "w"(w[1]), [w2] "w"(w[2]), [w3] "w"(w[3]), "m"(*(const int8_t(*)[8]) * row)
            : "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7");
}

/* The last pairs of a row, one by one. */
TILE_INLINE void step_tail(int32x4_t (*sum)[4], const int8x16_t *x, const int8_t *w, size_t tail, const size_t rows)
{
    for (size_t pair = 0; 2 * pair < tail; pair++, w += NR * KR) {
        const uint8x16_t index = vreinterpretq_u8_u16(vdupq_n_u16((uint16_t)(0x0100 + 0x0202 * pair)));
        const int8x16_t weight = vld1q_s8(w);
        for (size_t i = 0; i < rows; i++) {
            const int8x16_t spread = vqtbl1q_s8(x[i], index);
            sum[i][0] = vpadalq_s16(sum[i][0], vmull_s8(vget_low_s8(spread), vget_low_s8(weight)));
            sum[i][1] = vpadalq_s16(sum[i][1], vmull_high_s8(spread, weight));
        }
    }
}

/* `rows` and `vectors` are constants wherever this is inlined. */
TILE_INLINE void compute(const struct assay_igemm_args *args, const size_t rows, const size_t vectors)
{
    const int8_t *w = args->w;
    int32x4_t sum[MR][4];
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < vectors; j++)
            sum[i][j] = start_sum(args, i, j);
    for (size_t tap = 0; tap < args->taps; tap++) {
        const int8_t *a[MR];
        for (size_t i = 0; i < rows; i++)
            a[i] = args->a[tap * MR + i];
        for (size_t steps = args->k / 8; steps > 0; steps--, w += 8 * NR) {
            int8x16_t weight[4];
            for (size_t pair = 0; pair < 4; pair++)
                weight[pair] = vld1q_s8(w + pair * NR * KR);
            for (size_t i = 0; i < rows; i++)
                multiply_row(sum[i], &a[i], weight);
        }
        const size_t tail = args->k % 8;
        if (tail == 0)
            continue;
        int8x16_t x[MR];
        for (size_t i = 0; i < rows; i++)
            x[i] = neon_load_tail16(args->a[tap * MR + i], args->k, tail);
        step_tail(sum, x, w, tail, rows);
        w += assay_round_up(tail, KR) * NR;
    }
    finish_tile(args, sum, rows, vectors);
}

static void tile(const struct assay_igemm_args *args)
{
    TILE_BY_ROWS(compute, args, NR / 4)
}

#endif
