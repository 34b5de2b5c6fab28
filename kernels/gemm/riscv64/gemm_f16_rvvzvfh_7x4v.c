/* fp16, RVV with Zvfh, sums in f16: 7 rows by LMUL 4 (32 columns at VLEN 128), any vector length.
 * The tile of fp32 with elements half as wide: 18 instructions a step of k for 28 registers of multiply-accumulates,
 * twice as many of them. Bound by the vector FMA unit. The bias is rounded to f16 and is the first value of the sums.
 */
#include "kernels/core/riscv64/rounding.h"
#include "kernels/gemm/igemm.h"

#include <riscv_vector.h>

static size_t columns(void)
{
    return __riscv_vsetvlmax_e16m4();
}

static inline vfloat16m4_t begin(const struct assay_igemm_args *args, size_t row, size_t vl)
{
    (void)row;
    return __riscv_vfncvt_f_f_w_f16m4(__riscv_vle32_v_f32m8(args->bias, vl), vl);
}

static inline void finish(const struct assay_igemm_args *args, size_t row, vfloat16m4_t sums, size_t vl)
{
    if (args->clamp) {
        sums = __riscv_vfmax_vf_f16m4(sums, (_Float16)args->clamp_min, vl);
        sums = __riscv_vfmin_vf_f16m4(sums, (_Float16)args->clamp_max, vl);
    }
    __riscv_vse16_v_f16m4((_Float16 *)(void *)((char *)args->c + row * args->c_stride), sums, vl);
}

#define RVV_MR 7
#define RVV_ACCUMULATOR vfloat16m4_t
#define RVV_VTYPE "e16, m4"
#define RVV_X "ft"
#define RVV_X_SIZE 2
#define RVV_LOAD_X "flh"
#define RVV_LOAD_W "vle16.v v28, (%[w])\n\t"
#define RVV_MAC "vfmacc.vf"
#define RVV_W_BYTES(vl_max) ((vl_max) * sizeof(_Float16))
#include "kernels/gemm/riscv64/rvv_tile.inc"

static void tile(const struct assay_igemm_args *args)
{
    const uint64_t frm = ASSAY_FRM_ENTER(args);
    tiles[args->rows - 1](args);
    assay_frm_leave(frm);
}

ASSAY_IGEMM_KERNEL(f16_rvvzvfh_7x4v, ASSAY_MODE_FP16, ASSAY_ACC_F16, RVV_MR, 0, columns, 1, tile);
