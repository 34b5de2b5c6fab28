/* fp32, RISC-V without vectors: 6 rows by 4 columns.
 * 24 sums, 4 weights and 4 inputs at a time take the 32 floating-point registers. A step of k is 10 loads and 24
 * multiply-adds; four steps share 7 pointer additions and a branch: 36 instructions for 24 multiply-accumulates. Bound
 * by the one FMA unit that such cores have. */
#include "kernels/core/riscv64/rounding.h"
#include "kernels/gemm/igemm.h"

enum { MR = 6, NR = 4 };

static inline float activate(const struct assay_igemm_args *args, float x)
{
    return args->clamp ? __builtin_fminf(__builtin_fmaxf(x, args->clamp_min), args->clamp_max) : x;
}

/* No loop over the columns: sums that are indexed by a variable would live in memory all the time. */
static inline void store(const struct assay_igemm_args *args, size_t row, const float sums[NR])
{
    float *c = (float *)(void *)((char *)args->c + row * args->c_stride);
    c[0] = activate(args, sums[0]);
    if (args->cols > 1)
        c[1] = activate(args, sums[1]);
    if (args->cols > 2)
        c[2] = activate(args, sums[2]);
    if (args->cols > 3)
        c[3] = activate(args, sums[3]);
}

/* `rows` is a constant wherever this is inlined: fewer rows cost fewer multiplications. */
__attribute__((always_inline)) static inline void compute(const struct assay_igemm_args *args, const size_t rows)
{
    const float *bias = args->bias, *w = args->w;
    float sums[MR][NR];
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < NR; j++)
            sums[i][j] = bias[j];
    for (size_t tap = 0; tap < args->taps; tap++) {
        const float *a[MR];
        for (size_t i = 0; i < rows; i++)
            a[i] = args->a[tap * MR + i];
#pragma clang loop unroll_count(4)
        for (size_t l = 0; l < args->k; l++, w += NR)
            for (size_t i = 0; i < rows; i++)
                for (size_t j = 0; j < NR; j++)
                    sums[i][j] = __builtin_fmaf(a[i][l], w[j], sums[i][j]);
    }
    for (size_t i = 0; i < rows; i++)
        store(args, i, sums[i]);
}

static void tile(const struct assay_igemm_args *args)
{
    const uint64_t frm = ASSAY_FRM_ENTER(args);
    switch (args->rows) {
    case 1:
        compute(args, 1);
        break;
    case 2:
        compute(args, 2);
        break;
    case 3:
        compute(args, 3);
        break;
    case 4:
        compute(args, 4);
        break;
    case 5:
        compute(args, 5);
        break;
    default:
        compute(args, 6);
    }
    assay_frm_leave(frm);
}

ASSAY_IGEMM_KERNEL(f32_rv64gc_6x4, ASSAY_MODE_FP32, ASSAY_ACC_F32, MR, NR, NULL, 1, tile);
