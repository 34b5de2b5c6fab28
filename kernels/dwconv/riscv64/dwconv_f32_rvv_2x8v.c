/* fp32, RVV: 2 pixels by LMUL 8 (32 channels at VLEN 128), any vector length.
 * A tap is 2 loads of pointers, 2 additions, 3 vector loads, 2 multiply-adds and the next weights' address: 10
 * instructions, and a ninth of 3, for 16 registers of multiply-accumulates. Bound by vector loads: 3 for each 2
 * multiply-adds. */
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

#define RVV_SUMS vfloat32m8_t
#define RVV_ELEMENT float
#define RVV_OUTPUT float
#define RVV_WEIGHT float
#define RVV_VTYPE "e32, m8"
#define RVV_LOAD_W "vle32.v v16, (%[w])\n\t"
#define RVV_MAC(sums, x) "vle32.v v24, (" x ")\n\tvfmacc.vv " sums ", v16, v24\n\t"
#include "kernels/dwconv/riscv64/rvv_dw.inc"

static void run(const struct assay_dw_args *args)
{
    const uint64_t frm = ASSAY_FRM_ENTER(args);
    sum_pixels(args);
    assay_frm_leave(frm);
}

ASSAY_DWCONV_KERNEL(f32_rvv_2x8v, ASSAY_MODE_FP32, ASSAY_ACC_F32, 0, channels_at_once, run);
