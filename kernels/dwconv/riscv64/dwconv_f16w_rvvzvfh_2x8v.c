/* fp16w, RVV with Zvfh: weights stored in f16, sums in f32; 2 pixels by LMUL 8 (32 channels at VLEN 128), any vector
 * length. The tile of fp32, with weights of LMUL 4 widened over themselves: 13 instructions a tap, and a ninth of 3,
 * for 16 registers of multiply-accumulates. Bound by vector loads. */
#include "kernels/dwconv/riscv64/rvv_f32_sums.h"

#define RVV_SUMS vfloat32m8_t
#define RVV_ELEMENT float
#define RVV_OUTPUT float
#define RVV_WEIGHT _Float16
#define RVV_VTYPE "e32, m8"
/* A conversion may overwrite its own source where that is the upper half of the result. */
#define RVV_LOAD_W                             \
    "vsetvli zero, %[vl], e16, m4, ta, ma\n\t" \
    "vle16.v v20, (%[w])\n\t"                  \
    "vfwcvt.f.f.v v16, v20\n\t"                \
    "vsetvli zero, %[vl], e32, m8, ta, ma\n\t"
#define RVV_MAC(sums, x) "vle32.v v24, (" x ")\n\tvfmacc.vv " sums ", v16, v24\n\t"
#include "kernels/dwconv/riscv64/rvv_dw.inc"

static void run(const struct assay_dw_args *args)
{
    const uint64_t frm = ASSAY_FRM_ENTER(args);
    sum_pixels(args);
    assay_frm_leave(frm);
}

ASSAY_DWCONV_KERNEL(f16w_rvvzvfh_2x8v, ASSAY_MODE_FP16W, ASSAY_ACC_F32, 0, channels_at_once, run);
