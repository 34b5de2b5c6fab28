/* int8, as many sums as a byte vector holds (m1), in float (m4): widening loads to int16, widening conversions, two
 * multiply-adds, a narrowing conversion, and the zero point, the second narrowing and the range on few registers. 12
 * vector instructions a step, bound by those of four registers. */
#include "kernels/add/integer.h"
#include "kernels/core/riscv64/rounding.h"

#include <riscv_vector.h>

static inline vfloat32m4_t real_of(const int8_t *from, size_t vl)
{
    return __riscv_vfwcvt_f_x_v_f32m4(__riscv_vsext_vf2_i16m2(__riscv_vle8_v_i8m1(from, vl), vl), vl);
}

static void fitted(const struct assay_add_integer *packed, const int8_t *a, const int8_t *b, int8_t *out, size_t count)
{
    const uint64_t vxrm = assay_vxrm_read(), frm = ASSAY_FRM_ENTER(packed);
    const struct assay_add_integer c = *packed;
    for (size_t vl; count > 0; a += vl, b += vl, out += vl, count -= vl) {
        vl = __riscv_vsetvl_e8m1(count);
        const vfloat32m4_t offset = __riscv_vfmv_v_f_f32m4(c.offset, vl);
        const vfloat32m4_t of_b = __riscv_vfmacc_vf_f32m4(offset, c.b_factor, real_of(b, vl), vl);
        const vfloat32m4_t sum = __riscv_vfmacc_vf_f32m4(of_b, c.a_factor, real_of(a, vl), vl);
        const vint16m2_t words = __riscv_vsadd_vx_i16m2(__riscv_vfncvt_x_f_w_i16m2(sum, vl), (int16_t)c.sum.zero, vl);
        const vint8m1_t bytes = __riscv_vnclip_wx_i8m1(words, 0, __RISCV_VXRM_RDN, vl);
        const vint8m1_t raised = __riscv_vmax_vx_i8m1(bytes, (int8_t)c.low, vl);
        __riscv_vse8_v_i8m1(out, __riscv_vmin_vx_i8m1(raised, (int8_t)c.high, vl), vl);
    }
    assay_frm_leave(frm);
    assay_vxrm_leave(vxrm);
}

#include "kernels/add/byte_run.h"

static size_t bytes_in_vector(void)
{
    return __riscv_vsetvlmax_e8m1();
}

ASSAY_ADD_INTEGER_KERNEL(add_i8_rvv, ASSAY_MODE_INT8, 1, .pack = pack, .tile_n = bytes_in_vector);
