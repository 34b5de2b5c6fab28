/* The int32 rescale (kernels/core/fixed_point.h) of a group of 4 or 8 registers, each column with its own multiplier
 * and shift, and the store as int8.
 *
 * vsmul with rounding "to nearest up" is the doubling high multiply with ties up; it cannot saturate, since no
 * multiplier is -2^31. A right shift whose ties go away from zero is the one whose ties go up, of a number that is less
 * by one where it is negative and is shifted at all.
 *
 * One asm statement, because a dense tile has 28 registers of sums: clang-19 would load all operands early and spill
 * them. It sets vxrm, and the caller puts it back (kernels/core/riscv64/rounding.h). */
#ifndef ASSAY_KERNELS_CORE_RISCV64_RVV_RESCALE_H
#define ASSAY_KERNELS_CORE_RISCV64_RVV_RESCALE_H

#include <riscv_vector.h>

/* rescale: of x, in place. store: zero point, range, and vl bytes. */
#define ASSAY_RVV_RESCALE(lmul, half, quarter)                                                                     \
    static inline vint32##lmul##_t assay_rvv_rescale_##lmul(vint32##lmul##_t x, const int32_t *multiplier,         \
                                                            const int32_t *shift, size_t vl)                       \
    {                                                                                                              \
        vint32##lmul##_t right, t;                                                                                 \
        __asm__ volatile("csrwi vxrm, 0\n\t" /* to nearest, ties up */                                             \
                         "vsetvli zero, %[vl], e32, " #lmul ", ta, ma\n\t"                                         \
                         "vle32.v %[right], (%[shift])\n\t"                                                        \
                         "vmax.vx %[t], %[right], zero\n\t"                                                        \
                         "vsll.vv %[x], %[x], %[t]\n\t"                                                            \
                         "vle32.v %[t], (%[multiplier])\n\t"                                                       \
                         "vsmul.vv %[x], %[x], %[t]\n\t"                                                           \
                         "vmin.vx %[right], %[right], zero\n\t" /* minus the right shift */                        \
                         "vand.vv %[t], %[x], %[right]\n\t"                                                        \
                         "vsra.vi %[t], %[t], 31\n\t" /* -1 where both are negative */                             \
                         "vadd.vv %[x], %[x], %[t]\n\t"                                                            \
                         "vneg.v %[right], %[right]\n\t"                                                           \
                         "vssra.vv %[x], %[x], %[right]"                                                           \
                         : [x] "+vr"(x), [right] "=&vr"(right), [t] "=&vr"(t)                                      \
                         : [multiplier] "r"(multiplier), [shift] "r"(shift), [vl] "r"(vl)                          \
                         : "vl", "vtype", "vxrm", "vxsat", "memory");                                              \
        return x;                                                                                                  \
    }                                                                                                              \
    static inline void assay_rvv_store_i8_##lmul(int8_t *out, vint32##lmul##_t x, int32_t zero, int32_t min,       \
                                                 int32_t max, size_t vl)                                           \
    {                                                                                                              \
        x = __riscv_vadd_vx_i32##lmul(x, zero, vl);                                                                \
        x = __riscv_vmin_vx_i32##lmul(__riscv_vmax_vx_i32##lmul(x, min, vl), max, vl);                             \
        __riscv_vse8_v_i8##quarter(out, __riscv_vncvt_x_x_w_i8##quarter(__riscv_vncvt_x_x_w_i16##half(x, vl), vl), \
                                   vl);                                                                            \
    }

ASSAY_RVV_RESCALE(m4, m2, m1)
ASSAY_RVV_RESCALE(m8, m4, m2)

#endif
