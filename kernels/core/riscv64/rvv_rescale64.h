/* The int64 rescale of int16x8 (kernels/core/fixed_point.h), and the rest of that mode's epilogue: bias, range, store.
 * Works on half of a tile's columns at once, 4 registers of int64. Sets vxrm: the caller puts it back. */
#ifndef ASSAY_KERNELS_CORE_RISCV64_RVV_RESCALE64_H
#define ASSAY_KERNELS_CORE_RISCV64_RVV_RESCALE64_H

#include <riscv_vector.h>

/* What a column needs; those of struct assay_igemm_args. */
struct assay_rvv_columns64 {
    const int64_t *bias;
    const int32_t *multiplier, *shift;
    int32_t zero, min, max;
};

static inline vint64m4_t assay_rvv_rescale64(vint64m4_t x, const int32_t *multiplier, const int32_t *shift, size_t vl)
{
    /* (multiplier + 2^15) >> 16, unsigned, is above 0x7FFF only where the definition says 0x7FFF. */
    vuint32m2_t reduced = __riscv_vreinterpret_v_i32m2_u32m2(__riscv_vle32_v_i32m2(multiplier, vl));
    reduced = __riscv_vsrl_vx_u32m2(__riscv_vadd_vx_u32m2(reduced, 1U << 15, vl), 16, vl);
    reduced = __riscv_vminu_vx_u32m2(reduced, 0x7FFF, vl);
    const vint64m4_t factor = __riscv_vreinterpret_v_u64m4_i64m4(__riscv_vzext_vf2_u64m4(reduced, vl));
    const vint32m2_t total = __riscv_vrsub_vx_i32m2(__riscv_vle32_v_i32m2(shift, vl), 15, vl);
    const vuint64m4_t right = __riscv_vzext_vf2_u64m4(__riscv_vreinterpret_v_i32m2_u32m2(total), vl);
    return __riscv_vssra_vv_i64m4(__riscv_vmul_vv_i64m4(x, factor, vl), right, __RISCV_VXRM_RNU, vl);
}

/* out[0 .. vl) of the columns from `first` on; the sums are without bias. */
static inline void assay_rvv_finish64(const struct assay_rvv_columns64 *columns, size_t first, vint64m4_t sums,
                                      int16_t *out, size_t vl)
{
    sums = __riscv_vadd_vv_i64m4(sums, __riscv_vle64_v_i64m4(columns->bias + first, vl), vl);
    sums = assay_rvv_rescale64(sums, columns->multiplier + first, columns->shift + first, vl);
    vint32m2_t x = __riscv_vadd_vx_i32m2(__riscv_vncvt_x_x_w_i32m2(sums, vl), columns->zero, vl);
    x = __riscv_vmin_vx_i32m2(__riscv_vmax_vx_i32m2(x, columns->min, vl), columns->max, vl);
    __riscv_vse16_v_i16m1(out + first, __riscv_vncvt_x_x_w_i16m1(x, vl), vl);
}

#endif
