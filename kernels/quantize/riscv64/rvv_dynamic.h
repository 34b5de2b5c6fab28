/* Dynamic quantization of a row (kernels/quantize/dynamic.h) in RVV: for every hybrid kernel of that ISA. */
#ifndef ASSAY_KERNELS_QUANTIZE_RISCV64_RVV_DYNAMIC_H
#define ASSAY_KERNELS_QUANTIZE_RISCV64_RVV_DYNAMIC_H

#include "kernels/core/riscv64/rounding.h"
#include "kernels/quantize/dynamic.h"

#include <riscv_vector.h>

static inline void assay_rvv_row_range(const float *x, size_t count, float *min, float *max)
{
    const size_t lanes = __riscv_vsetvlmax_e32m8();
    vfloat32m8_t low = __riscv_vfmv_v_f_f32m8(*min, lanes), high = __riscv_vfmv_v_f_f32m8(*max, lanes);
    for (size_t vl; count > 0; x += vl, count -= vl) {
        vl = __riscv_vsetvl_e32m8(count);
        const vfloat32m8_t part = __riscv_vle32_v_f32m8(x, vl);
        low = __riscv_vfmin_vv_f32m8_tu(low, low, part, vl);
        high = __riscv_vfmax_vv_f32m8_tu(high, high, part, vl);
    }
    const vfloat32m1_t first_low = __riscv_vfmv_s_f_f32m1(*min, 1), first_high = __riscv_vfmv_s_f_f32m1(*max, 1);
    *min = __riscv_vfmv_f_s_f32m1_f32(__riscv_vfredmin_vs_f32m8_f32m1(low, first_low, lanes));
    *max = __riscv_vfmv_f_s_f32m1_f32(__riscv_vfredmax_vs_f32m8_f32m1(high, first_high, lanes));
}

/* The scaled inputs lie within -255 to 255, so that 16 bits hold them before and after the zero point is added. The
 * rounding is that of the conversion, to nearest even. */
static inline void assay_rvv_row_quantize(const float *x, size_t count, struct assay_row_quantization row, int8_t *q)
{
    const uint64_t frm = ASSAY_FRM_ENTER(x);
    const float inverse_scale = 1.0f / row.scale;
    for (size_t vl; count > 0; x += vl, q += vl, count -= vl) {
        vl = __riscv_vsetvl_e32m8(count);
        const vfloat32m8_t scaled = __riscv_vfmul_vf_f32m8(__riscv_vle32_v_f32m8(x, vl), inverse_scale, vl);
        vint16m4_t rounded = __riscv_vadd_vx_i16m4(__riscv_vfncvt_x_f_w_i16m4(scaled, vl), (int16_t)row.zero, vl);
        rounded = __riscv_vmin_vx_i16m4(__riscv_vmax_vx_i16m4(rounded, -128, vl), 127, vl);
        __riscv_vse8_v_i8m2(q, __riscv_vncvt_x_x_w_i8m2(rounded, vl), vl);
    }
    assay_frm_leave(frm);
}

#endif
