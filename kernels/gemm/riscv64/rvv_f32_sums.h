/* What fp32 and fp16w share: columns, first sums and stores of a tile with sums in f32, LMUL 4. */
#ifndef ASSAY_KERNELS_GEMM_RISCV64_RVV_F32_SUMS_H
#define ASSAY_KERNELS_GEMM_RISCV64_RVV_F32_SUMS_H

#include "kernels/core/riscv64/rounding.h"
#include "kernels/gemm/igemm.h"

#include <riscv_vector.h>

static size_t columns(void)
{
    return __riscv_vsetvlmax_e32m4();
}

static inline vfloat32m4_t begin(const struct assay_igemm_args *args, size_t row, size_t vl)
{
    (void)row;
    return __riscv_vle32_v_f32m4(args->bias, vl);
}

static inline void finish(const struct assay_igemm_args *args, size_t row, vfloat32m4_t sums, size_t vl)
{
    if (args->clamp) {
        sums = __riscv_vfmax_vf_f32m4(sums, args->clamp_min, vl);
        sums = __riscv_vfmin_vf_f32m4(sums, args->clamp_max, vl);
    }
    __riscv_vse32_v_f32m4((float *)(void *)((char *)args->c + row * args->c_stride), sums, vl);
}

#endif
