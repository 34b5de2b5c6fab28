/* fp16w, RVV with Zvfh: weights stored in f16, sums in f32; 6 rows by LMUL 4 (16 columns at VLEN 128), any vector
 * length. The weights of two steps of k are loaded at once as 4 registers of f16 and widened to 8 of f32, over
 * themselves: 6 groups of sums and 2 of weights take all 32 registers. Two steps are 30 instructions (2 vector loads
 * and conversions, 2 vsetvli, 12 scalar loads, 12 multiply-adds, 2 pointer additions) for 48 registers of
 * multiply-accumulates; four add 6 pointer additions and a branch. Bound by the vector FMA unit. */
#include "kernels/gemm/riscv64/rvv_f32_sums.h"

#define RVV_MR 6
#define RVV_ACCUMULATOR vfloat32m4_t
#define RVV_VTYPE "e32, m4"
#define RVV_X "ft"
#define RVV_X_SIZE 4
#define RVV_LOAD_X "flw"
#define RVV_MAC "vfmacc.vf"
#define RVV_W_BYTES(vl_max) ((vl_max) * sizeof(_Float16))
#define RVV_W_GROUP "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31"
/* A conversion may overwrite its own source where that is the upper half of the result. */
#define RVV_LOAD_W                             \
    "vsetvli zero, %[vl], e16, m2, ta, ma\n\t" \
    "vle16.v v30, (%[w])\n\t"                  \
    "vfwcvt.f.f.v v28, v30\n\t"                \
    "vsetvli zero, %[vl], e32, m4, ta, ma\n\t"
/* Whole steps, whatever vl is: they follow one another without a gap. */
#define RVV_TWO_STEPS(rows, first, second)                                                                     \
    "vsetvli zero, %[two_steps], e16, m4, ta, ma\n\t"                                                          \
    "vle16.v v28, (%[w])\n\t"                                                                                  \
    "add %[w], %[w], %[w_bytes]\n\t"                                                                           \
    "add %[w], %[w], %[w_bytes]\n\t"                                                                           \
    "vfwcvt.f.f.v v24, v28\n\t"                                                                                \
    "vsetvli zero, %[vl], e32, m4, ta, ma\n\t" RVV_EACH_##rows(RVV_INPUT, first) RVV_EACH_##rows(RVV_ROW, v24) \
        RVV_EACH_##rows(RVV_INPUT, second) RVV_EACH_##rows(RVV_ROW, v28)
#define RVV_FOUR_STEPS(rows) RVV_TWO_STEPS(rows, 0, 1) RVV_TWO_STEPS(rows, 2, 3)
#include "kernels/gemm/riscv64/rvv_tile.inc"

static void tile(const struct assay_igemm_args *args)
{
    const uint64_t frm = ASSAY_FRM_ENTER(args);
    tiles[args->rows - 1](args);
    assay_frm_leave(frm);
}

ASSAY_IGEMM_KERNEL(f16w_rvvzvfh_6x4v, ASSAY_MODE_FP16W, ASSAY_ACC_F32, RVV_MR, 0, columns, 1, tile);
