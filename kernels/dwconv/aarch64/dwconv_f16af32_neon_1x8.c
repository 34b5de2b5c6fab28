/* fp16 summed in f32, for CPUs without f16 arithmetic: inputs and weights are widened when they are loaded. */
#define DW_INPUT assay_f16
#define DW_WEIGHT assay_f16
#include "kernels/dwconv/aarch64/neon_float.h"

ASSAY_DWCONV_KERNEL(f16af32_neon_1x8, ASSAY_MODE_FP16, ASSAY_ACC_F32, CR, NULL, run);
