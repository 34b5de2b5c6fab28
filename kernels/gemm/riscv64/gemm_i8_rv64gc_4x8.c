/* int8, RISC-V without vectors: 4 rows by 8 columns, two products in one multiplication (rv64gc_pairs.h). */
#include "kernels/core/fixed_point.h"
#include "kernels/gemm/riscv64/rv64gc_pairs.h"

static void tile(const struct assay_igemm_args *args)
{
    const int32_t *bias = args->bias;
    int32_t sums[ASSAY_PAIR_ROWS][ASSAY_PAIR_COLUMNS];
    if (args->rows > 2)
        assay_pair_sums(args, 2, sums);
    else
        assay_pair_sums(args, 1, sums);
    for (size_t i = 0; i < args->rows; i++) {
        int8_t *c = (int8_t *)args->c + i * args->c_stride;
        for (size_t j = 0; j < args->cols; j++) {
            const int32_t sum = (int32_t)((uint32_t)sums[i][j] + (uint32_t)bias[j]);
            const int32_t x = assay_rescale(sum, args->multiplier[j], args->shift[j]);
            c[j] = (int8_t)assay_clamp_int((int32_t)((uint32_t)x + (uint32_t)args->out_zero), args->out_min,
                                           args->out_max);
        }
    }
}

ASSAY_IGEMM_KERNEL(i8_rv64gc_4x8, ASSAY_MODE_INT8, ASSAY_ACC_I32, ASSAY_PAIR_ROWS, ASSAY_PAIR_COLUMNS, NULL, 1, tile,
                   .supports = assay_pair_supports);
