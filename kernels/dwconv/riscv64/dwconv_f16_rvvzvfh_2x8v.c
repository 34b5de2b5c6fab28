/* fp16, RVV with Zvfh, sums in f16: 2 pixels by LMUL 8 (64 channels at VLEN 128), any vector length.
 * The tile of fp32 with elements half as wide. Bound by vector loads: 3 for each 2 multiply-adds. */
#include "kernels/core/riscv64/rounding.h"
#include "kernels/dwconv/dwindirect.h"

#include <riscv_vector.h>

static size_t channels_at_once(void)
{
    return __riscv_vsetvlmax_e16m8();
}

static inline vfloat16m8_t begin(const struct assay_dw_args *args, size_t channel, size_t vl)
{
    const float *bias = (const float *)args->bias + channel;
    const size_t half = __riscv_vsetvlmax_e16m4(), low = assay_min(vl, half), high = vl - low;
    const vfloat16m4_t first = __riscv_vfncvt_f_f_w_f16m4(__riscv_vle32_v_f32m8(bias, low), low);
    const vfloat16m4_t second = __riscv_vfncvt_f_f_w_f16m4(__riscv_vle32_v_f32m8(bias + low, high), high);
    return __riscv_vcreate_v_f16m4_f16m8(first, second);
}

static inline void finish(const struct assay_dw_args *args, _Float16 *out, size_t channel, vfloat16m8_t sums, size_t vl)
{
    (void)channel;
    if (args->clamp) {
        sums = __riscv_vfmax_vf_f16m8(sums, (_Float16)args->clamp_min, vl);
        sums = __riscv_vfmin_vf_f16m8(sums, (_Float16)args->clamp_max, vl);
    }
    __riscv_vse16_v_f16m8(out, sums, vl);
}

#define RVV_SUMS vfloat16m8_t
#define RVV_ELEMENT _Float16
#define RVV_OUTPUT _Float16
#define RVV_WEIGHT _Float16
#define RVV_VTYPE "e16, m8"
#define RVV_LOAD_W "vle16.v v16, (%[w])\n\t"
#define RVV_MAC(sums, x) "vle16.v v24, (" x ")\n\tvfmacc.vv " sums ", v16, v24\n\t"
#include "kernels/dwconv/riscv64/rvv_dw.inc"

static void run(const struct assay_dw_args *args)
{
    const uint64_t frm = ASSAY_FRM_ENTER(args);
    sum_pixels(args);
    assay_frm_leave(frm);
}

ASSAY_DWCONV_KERNEL(f16_rvvzvfh_2x8v, ASSAY_MODE_FP16, ASSAY_ACC_F16, 0, channels_at_once, run);
