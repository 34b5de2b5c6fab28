/* fp16w, NEON: as fp32, but that weights are widened when they are loaded, once for many pixels. */
#define DW_INPUT float
#define DW_WEIGHT assay_f16
#include "kernels/dwconv/aarch64/neon_float.h"

ASSAY_DWCONV_KERNEL(f16w_neon_1x8, ASSAY_MODE_FP16W, ASSAY_ACC_F32, CR, NULL, run);
