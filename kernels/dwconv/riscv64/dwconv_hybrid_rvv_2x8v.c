/* hybrid, RVV: the integer core of dwconv_i8_rvv_2x8v, 2 pixels by LMUL 8, with a float epilogue; images are quantized
 * in RVV too. 12 instructions a tap, and an eighth of 3, for 16 registers of multiply-accumulates. Bound by vector
 * arithmetic. */
#include "kernels/dwconv/dwindirect.h"
#include "kernels/quantize/riscv64/rvv_dynamic.h"

static size_t channels_at_once(void)
{
    return __riscv_vsetvlmax_e32m8();
}

static inline vint32m8_t begin(const struct assay_dw_args *args, size_t channel, size_t vl)
{
    return __riscv_vmul_vx_i32m8(__riscv_vle32_v_i32m8(args->weight_sum + channel, vl), -args->row.zero, vl);
}

static inline void finish(const struct assay_dw_args *args, float *out, size_t channel, vint32m8_t sums, size_t vl)
{
    vfloat32m8_t x = __riscv_vfmul_vf_f32m8(__riscv_vfcvt_f_x_v_f32m8(sums, vl), args->row.scale, vl);
    x = __riscv_vfmul_vv_f32m8(x, __riscv_vle32_v_f32m8(args->scale + channel, vl), vl);
    x = __riscv_vfadd_vv_f32m8(x, __riscv_vle32_v_f32m8((const float *)args->bias + channel, vl), vl);
    if (args->clamp) {
        x = __riscv_vfmax_vf_f32m8(x, args->clamp_min, vl);
        x = __riscv_vfmin_vf_f32m8(x, args->clamp_max, vl);
    }
    __riscv_vse32_v_f32m8(out, x, vl);
}

#define RVV_SUMS vint32m8_t
#define RVV_ELEMENT int8_t
#define RVV_OUTPUT float
#define RVV_WEIGHT int8_t
#include "kernels/dwconv/riscv64/rvv_dw_i8.inc"

static void run(const struct assay_dw_args *args)
{
    const uint64_t frm = ASSAY_FRM_ENTER(args);
    sum_pixels(args);
    assay_frm_leave(frm);
}

ASSAY_DWCONV_KERNEL(hybrid_rvv_2x8v, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, 0, channels_at_once, run,
                    .row_range = assay_rvv_row_range, .row_quantize = assay_rvv_row_quantize);
