/* What fp32 and fp16w share: channels, first sums and stores of pixels with sums in f32, LMUL 8. */
#ifndef ASSAY_KERNELS_DWCONV_RISCV64_RVV_F32_SUMS_H
#define ASSAY_KERNELS_DWCONV_RISCV64_RVV_F32_SUMS_H

#include "kernels/core/riscv64/rounding.h"
#include "kernels/dwconv/dwindirect.h"

#include <riscv_vector.h>

static size_t channels_at_once(void)
{
    return __riscv_vsetvlmax_e32m8();
}

static inline vfloat32m8_t begin(const struct assay_dw_args *args, size_t channel, size_t vl)
{
    return __riscv_vle32_v_f32m8((const float *)args->bias + channel, vl);
}

static inline void finish(const struct assay_dw_args *args, float *out, size_t channel, vfloat32m8_t sums, size_t vl)
{
    (void)channel;
    if (args->clamp) {
        sums = __riscv_vfmax_vf_f32m8(sums, args->clamp_min, vl);
        sums = __riscv_vfmin_vf_f32m8(sums, args->clamp_max, vl);
    }
    __riscv_vse32_v_f32m8(out, sums, vl);
}

#endif
