/* int8 sums on RISC-V without vectors: two products in one 64-bit multiplication.
 *
 * Inputs of two rows are joined as a0 + a1 * 2^32; times a weight, and summed, that is S0 + S1 * 2^32 with the two
 * rows' sums, as long as S0 fits in an int32: so S0 is the lower half, and S1 what is left without it. A product is at
 * most 2^7 * 127, so a sum may have ASSAY_PAIR_DEPTH of them.
 *
 * 4 rows by 8 columns: 16 sums, in 64-bit registers. A step of k is 4 loads of inputs and 4 instructions that join
 * them, 8 loads of weights, 16 multiplications and 16 additions: 48 instructions, and the pointers, for 32
 * multiply-accumulates. Bound by the issue width of such cores. */
#ifndef ASSAY_KERNELS_GEMM_RISCV64_RV64GC_PAIRS_H
#define ASSAY_KERNELS_GEMM_RISCV64_RV64GC_PAIRS_H

#include "kernels/gemm/igemm.h"

enum { ASSAY_PAIR_ROWS = 4, ASSAY_PAIR_COLUMNS = 8, ASSAY_PAIR_DEPTH = INT32_MAX / (128 * 127) };

static inline const char *assay_pair_supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    return assay_problem_depth(problem) > ASSAY_PAIR_DEPTH ? "its sums of two rows in one register may overflow" : NULL;
}

/* One step of k: the inputs at a[i][0] of 2 * pairs rows. */
__attribute__((always_inline)) static inline void
assay_pair_step(uint64_t joined[ASSAY_PAIR_ROWS / 2][ASSAY_PAIR_COLUMNS], const size_t pairs, const int8_t *const *a,
                size_t l, const int8_t *w)
{
    uint64_t x[ASSAY_PAIR_ROWS / 2];
    for (size_t p = 0; p < pairs; p++)
        x[p] = (uint64_t)a[2 * p][l] + ((uint64_t)a[2 * p + 1][l] << 32);
    for (size_t j = 0; j < ASSAY_PAIR_COLUMNS; j++) {
        const uint64_t weight = (uint64_t)w[j];
        for (size_t p = 0; p < pairs; p++) {
            joined[p][j] += x[p] * weight;
            /* Not to be added up over several steps first: registers are few. */
            __asm__("" : "+r"(joined[p][j]));
        }
    }
}

/* sums[row][column], without bias. Rows are computed in pairs; `pairs`, 1 or 2, is a constant wherever this is inlined.
 */
__attribute__((always_inline)) static inline void assay_pair_sums(const struct assay_igemm_args *args,
                                                                  const size_t pairs,
                                                                  int32_t sums[ASSAY_PAIR_ROWS][ASSAY_PAIR_COLUMNS])
{
    uint64_t joined[ASSAY_PAIR_ROWS / 2][ASSAY_PAIR_COLUMNS] = {{0}};
    const int8_t *w = args->w;
    const size_t k = args->k;
    for (size_t tap = 0; tap < args->taps; tap++) {
        const int8_t *a[ASSAY_PAIR_ROWS];
        for (size_t i = 0; i < 2 * pairs; i++)
            a[i] = args->a[tap * ASSAY_PAIR_ROWS + i];
        for (size_t fours = k / 4; fours > 0; fours--, w += 4 * ASSAY_PAIR_COLUMNS) {
#pragma clang loop unroll(full)
            for (size_t l = 0; l < 4; l++)
                assay_pair_step(joined, pairs, a, l, w + l * ASSAY_PAIR_COLUMNS);
            for (size_t i = 0; i < 2 * pairs; i++)
                a[i] += 4;
        }
        for (size_t l = 0; l < k % 4; l++, w += ASSAY_PAIR_COLUMNS)
            assay_pair_step(joined, pairs, a, l, w);
    }
    for (size_t p = 0; p < pairs; p++) {
        for (size_t j = 0; j < ASSAY_PAIR_COLUMNS; j++) {
            const int32_t low = (int32_t)joined[p][j];
            sums[2 * p][j] = low;
            sums[2 * p + 1][j] = (int32_t)((joined[p][j] - (uint64_t)low) >> 32);
        }
    }
}

#endif
