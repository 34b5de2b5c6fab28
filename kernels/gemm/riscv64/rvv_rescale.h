/* The int32 rescale (kernels/core/fixed_point.h) of a group of 4 registers, each column with its own multiplier and
 * shift.
 *
 * vsmul with rounding "to nearest up" is the doubling high multiply with ties up; it cannot saturate, since no
 * multiplier is -2^31. A right shift whose ties go away from zero is the one whose ties go up, of a number that is less
 * by one where it is negative and is shifted at all. The intrinsics set vxrm: the caller puts it back. */
#ifndef ASSAY_KERNELS_GEMM_RISCV64_RVV_RESCALE_H
#define ASSAY_KERNELS_GEMM_RISCV64_RVV_RESCALE_H

#include <riscv_vector.h>

static inline vint32m4_t assay_rvv_rescale(vint32m4_t x, const int32_t *multiplier, const int32_t *shift, size_t vl)
{
    const vint32m4_t left = __riscv_vmax_vx_i32m4(__riscv_vle32_v_i32m4(shift, vl), 0, vl);
    x = __riscv_vsll_vv_i32m4(x, __riscv_vreinterpret_v_i32m4_u32m4(left), vl);
    x = __riscv_vsmul_vv_i32m4(x, __riscv_vle32_v_i32m4(multiplier, vl), __RISCV_VXRM_RNU, vl);
    const vint32m4_t minus_right = __riscv_vmin_vx_i32m4(__riscv_vle32_v_i32m4(shift, vl), 0, vl);
    const vint32m4_t less = __riscv_vsra_vx_i32m4(__riscv_vand_vv_i32m4(x, minus_right, vl), 31, vl);
    x = __riscv_vadd_vv_i32m4(x, less, vl);
    const vuint32m4_t right = __riscv_vreinterpret_v_i32m4_u32m4(__riscv_vneg_v_i32m4(minus_right, vl));
    return __riscv_vssra_vv_i32m4(x, right, __RISCV_VXRM_RNU, vl);
}

/* To int8: zero point, then the range. */
static inline void assay_rvv_store_i8(int8_t *out, vint32m4_t x, int32_t zero, int32_t min, int32_t max, size_t vl)
{
    x = __riscv_vadd_vx_i32m4(x, zero, vl);
    x = __riscv_vmin_vx_i32m4(__riscv_vmax_vx_i32m4(x, min, vl), max, vl);
    __riscv_vse8_v_i8m1(out, __riscv_vncvt_x_x_w_i8m1(__riscv_vncvt_x_x_w_i16m2(x, vl), vl), vl);
}

#endif
