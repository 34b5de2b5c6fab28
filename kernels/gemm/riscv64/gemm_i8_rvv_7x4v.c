/* int8, RVV: 7 rows by LMUL 4 of int32 sums (16 columns at VLEN 128), any vector length.
 * Weights are widened to 16 bits when packed, so that one vwmacc multiplies 16-bit weights by a scalar input into
 * 32-bit sums: no widening in the loop, and as many instructions as fp32. A step of k is 1 vector load of LMUL 2, 7
 * scalar loads, 7 widening multiply-accumulates and a pointer addition; four steps add 7 pointer additions and a
 * branch: 18 instructions for 28 registers of multiply-accumulates. Bound by the vector multiplier. */
#include "kernels/core/riscv64/rounding.h"
#include "kernels/core/riscv64/rvv_rescale.h"
#include "kernels/gemm/igemm.h"

static size_t columns(void)
{
    return __riscv_vsetvlmax_e32m4();
}

static inline vint32m4_t begin(const struct assay_igemm_args *args, size_t row, size_t vl)
{
    (void)row;
    return __riscv_vle32_v_i32m4(args->bias, vl);
}

static inline void finish(const struct assay_igemm_args *args, size_t row, vint32m4_t sums, size_t vl)
{
    sums = assay_rvv_rescale_m4(sums, args->multiplier, args->shift, vl);
    assay_rvv_store_i8_m4((int8_t *)args->c + row * args->c_stride, sums, args->out_zero, args->out_min, args->out_max,
                          vl);
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
    const uint64_t vxrm = assay_vxrm_read();
    tiles[args->rows - 1](args);
    assay_vxrm_leave(vxrm);
}

ASSAY_IGEMM_KERNEL(i8_rvv_7x4v, ASSAY_MODE_INT8, ASSAY_ACC_I32, RVV_MR, 0, columns, 1, tile,
                   .element = ASSAY_PACK_I8_AS_I16);
