/* hybrid, RVV: the integer core of gemm_i8_rvv_7x4v, 7 rows by LMUL 4, with a float epilogue; rows are quantized in RVV
 * too. 18 instructions a step of k for 28 registers of multiply-accumulates; the zero point of the row is folded into
 * the first value of the sums, and the epilogue is short. Bound by the vector multiplier. */
#include "kernels/gemm/igemm.h"
#include "kernels/quantize/riscv64/rvv_dynamic.h"

static size_t columns(void)
{
    return __riscv_vsetvlmax_e32m4();
}

static inline vint32m4_t begin(const struct assay_igemm_args *args, size_t row, size_t vl)
{
    return __riscv_vmul_vx_i32m4(__riscv_vle32_v_i32m4(args->weight_sum, vl), -args->row[row].zero, vl);
}

/* One group of registers is free beside the sums: neither may a row's operands be loaded before its turn, nor both at
 * once. */
#define IN_ORDER(x) __asm__ volatile("" : "+vr"(x), "+r"(args) : : "memory")

static inline void finish(const struct assay_igemm_args *args, size_t row, vint32m4_t sums, size_t vl)
{
    IN_ORDER(sums);
    vfloat32m4_t out = __riscv_vfmul_vf_f32m4(__riscv_vfcvt_f_x_v_f32m4(sums, vl), args->row[row].scale, vl);
    out = __riscv_vfmul_vv_f32m4(out, __riscv_vle32_v_f32m4(args->scale, vl), vl);
    IN_ORDER(out);
    out = __riscv_vfadd_vv_f32m4(out, __riscv_vle32_v_f32m4(args->bias, vl), vl);
    if (args->clamp) {
        out = __riscv_vfmax_vf_f32m4(out, args->clamp_min, vl);
        out = __riscv_vfmin_vf_f32m4(out, args->clamp_max, vl);
    }
    __riscv_vse32_v_f32m4((float *)(void *)((char *)args->c + row * args->c_stride), out, vl);
}

#define RVV_MR 7
#define RVV_ACCUMULATOR vint32m4_t
#define RVV_VTYPE "e16, m2"
#define RVV_X "t"
#define RVV_X_SIZE 1
#define RVV_LOAD_X "lb"
#define RVV_LOAD_W "vle16.v v28, (%[w])\n\t"
#define RVV_MAC "vwmacc.vx"
#define RVV_W_BYTES(vl_max) ((vl_max) * sizeof(int16_t))
#include "kernels/gemm/riscv64/rvv_tile.inc"

static void tile(const struct assay_igemm_args *args)
{
    const uint64_t frm = ASSAY_FRM_ENTER(args);
    tiles[args->rows - 1](args);
    assay_frm_leave(frm);
}

ASSAY_IGEMM_KERNEL(hybrid_rvv_7x4v, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, RVV_MR, 0, columns, 1, tile,
                   .element = ASSAY_PACK_I8_AS_I16, .row_range = assay_rvv_row_range,
                   .row_quantize = assay_rvv_row_quantize);
