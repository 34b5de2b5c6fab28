/* fp32, NEON: the three ways of neon_float.h. */
#define DW_INPUT float
#define DW_WEIGHT float
#include "kernels/dwconv/aarch64/neon_float.h"

ASSAY_DWCONV_KERNEL(f32_neon_1x8, ASSAY_MODE_FP32, ASSAY_ACC_F32, CR, NULL, run);
