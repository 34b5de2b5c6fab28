/* RVV, in pairs of registers. Integers: vwmacc of 16 bits, which bytes are widened to. */
#include "suites/peaks/loops.h"

#include <riscv_vector.h>

#define IN_REGISTER "vr"
#include "suites/peaks/scalable.inc"

#define MAC_F32(sum, b, lanes) __riscv_vfmacc_vf_f32m2(sum, 1.37F, b, lanes)
#define MAC_I16(sum, b, lanes) __riscv_vwmacc_vx_i32m2(sum, -1234, b, lanes)

SCALABLE_LOOP(f32, __riscv_vsetvlmax_e32m2(), vfloat32m2_t, __riscv_vfmv_v_f_f32m2(0, lanes), vfloat32m2_t,
              __riscv_vfmv_v_f_f32m2(0.73F, lanes), MAC_F32)
SCALABLE_LOOP(i16, __riscv_vsetvlmax_e16m1(), vint32m2_t, __riscv_vmv_v_x_i32m2(0, lanes), vint16m1_t,
              __riscv_vmv_v_x_i16m1(567, lanes), MAC_I16)

static void read_bytes(const void *from, size_t bytes)
{
    const uint8_t *v = from;
    for (size_t lanes; bytes > 0; v += lanes, bytes -= lanes) {
        lanes = __riscv_vsetvl_e8m8(bytes);
        const vuint8m8_t value = __riscv_vle8_v_u8m8(v, lanes);
        __asm__ volatile("" : : "vr"(value));
    }
}

static void write_bytes(void *to, size_t bytes)
{
    uint8_t *v = to;
    vuint8m8_t value = __riscv_vmv_v_x_u8m8(0, __riscv_vsetvlmax_e8m8());
    for (size_t lanes; bytes > 0; v += lanes, bytes -= lanes) {
        lanes = __riscv_vsetvl_e8m8(bytes);
        __asm__ volatile("" : "+vr"(value));
        __riscv_vse8_v_u8m8(v, value, lanes);
    }
}

static void copy_bytes(void *to, const void *from, size_t bytes)
{
    uint8_t *w = to;
    const uint8_t *v = from;
    for (size_t lanes; bytes > 0; v += lanes, w += lanes, bytes -= lanes) {
        lanes = __riscv_vsetvl_e8m8(bytes);
        vuint8m8_t value = __riscv_vle8_v_u8m8(v, lanes);
        __asm__ volatile("" : "+vr"(value));
        __riscv_vse8_v_u8m8(w, value, lanes);
    }
}

extern const struct peak_isa peak_isa_rvv;
const struct peak_isa peak_isa_rvv = {
    .name = "rvv",
    .features = ASSAY_FEATURE_RVV,
    .macs = {[PEAK_F32] = f32, [PEAK_I16] = i16},
    .read = read_bytes,
    .write = write_bytes,
    .copy = copy_bytes,
};
