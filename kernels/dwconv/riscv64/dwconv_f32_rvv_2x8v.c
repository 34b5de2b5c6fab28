/* fp32, RVV: 2 pixels by LMUL 8 (32 channels at VLEN 128), any vector length.
 * A tap is 2 loads of pointers, 2 additions, 3 vector loads, 2 multiply-adds and the next weights' address: 10
 * instructions, and a ninth of 3, for 16 registers of multiply-accumulates. Bound by vector loads: 3 for each 2
 * multiply-adds. */
#include "kernels/dwconv/riscv64/rvv_f32_sums.h"

#define RVV_SUMS vfloat32m8_t
#define RVV_ELEMENT float
#define RVV_OUTPUT float
#define RVV_WEIGHT float
#define RVV_VTYPE "e32, m8"
#define RVV_LOAD_W "vle32.v v16, (%[w])\n\t"
#define RVV_MAC(sums, x) "vle32.v v24, (" x ")\n\tvfmacc.vv " sums ", v16, v24\n\t"
#include "kernels/dwconv/riscv64/rvv_dw.inc"

static void run(const struct assay_dw_args *args)
{
    const uint64_t frm = ASSAY_FRM_ENTER(args);
    sum_pixels(args);
    assay_frm_leave(frm);
}

ASSAY_DWCONV_KERNEL(f32_rvv_2x8v, ASSAY_MODE_FP32, ASSAY_ACC_F32, 0, channels_at_once, run);
