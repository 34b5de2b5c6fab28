/* fp32, RVV: 7 rows by LMUL 4 (16 columns at VLEN 128), any vector length.
 * 7 groups of sums and one of weights take all 32 registers. A step of k is 1 vector load, 7 scalar loads, 7
 * multiply-adds and an addition to the weights' pointer; each four steps add 7 pointer additions and a branch: 18
 * instructions for 28 registers of multiply-accumulates. Bound by the vector FMA unit: 28 register-wide operations a
 * step. */
#include "kernels/gemm/riscv64/rvv_f32_sums.h"

#define RVV_MR 7
#define RVV_ACCUMULATOR vfloat32m4_t
#define RVV_VTYPE "e32, m4"
#define RVV_X "ft"
#define RVV_X_SIZE 4
#define RVV_LOAD_X "flw"
#define RVV_LOAD_W "vle32.v v28, (%[w])\n\t"
#define RVV_MAC "vfmacc.vf"
#define RVV_W_BYTES(vl_max) ((vl_max) * sizeof(float))
#include "kernels/gemm/riscv64/rvv_tile.inc"

static void tile(const struct assay_igemm_args *args)
{
    const uint64_t frm = ASSAY_FRM_ENTER(args);
    tiles[args->rows - 1](args);
    assay_frm_leave(frm);
}

ASSAY_IGEMM_KERNEL(f32_rvv_7x4v, ASSAY_MODE_FP32, ASSAY_ACC_F32, RVV_MR, 0, columns, 1, tile);
