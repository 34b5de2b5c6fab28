/* hybrid, RISC-V without vectors: 4 rows by 8 columns, two products in one multiplication (rv64gc_pairs.h). */
#include "kernels/core/riscv64/rounding.h"
#include "kernels/gemm/riscv64/rv64gc_pairs.h"

static void tile(const struct assay_igemm_args *args)
{
    const uint64_t frm = ASSAY_FRM_ENTER(args);
    const float *bias = args->bias;
    int32_t sums[ASSAY_PAIR_ROWS][ASSAY_PAIR_COLUMNS];
    if (args->rows > 2)
        assay_pair_sums(args, 2, sums);
    else
        assay_pair_sums(args, 1, sums);
    for (size_t i = 0; i < args->rows; i++) {
        float *c = (float *)(void *)((char *)args->c + i * args->c_stride);
        for (size_t j = 0; j < args->cols; j++) {
            const int32_t sum =
                (int32_t)((uint32_t)sums[i][j] - (uint32_t)args->row[i].zero * (uint32_t)args->weight_sum[j]);
            float x = (float)sum * (args->row[i].scale * args->scale[j]) + bias[j];
            if (args->clamp) {
                x = x < args->clamp_min ? args->clamp_min : x;
                x = x > args->clamp_max ? args->clamp_max : x;
            }
            c[j] = x;
        }
    }
    assay_frm_leave(frm);
}

ASSAY_IGEMM_KERNEL(hybrid_rv64gc_4x8, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, ASSAY_PAIR_ROWS, ASSAY_PAIR_COLUMNS, NULL, 1,
                   tile, .supports = assay_pair_supports);
