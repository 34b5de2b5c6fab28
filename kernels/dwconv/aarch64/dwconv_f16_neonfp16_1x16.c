/* fp16 summed in f16: the three ways of neon_float.h with 8 channels a vector, half of the instructions of fp32. */
#define DW_INPUT assay_f16
#define DW_WEIGHT assay_f16
#define DW_F16_SUMS
#include "kernels/dwconv/aarch64/neon_float.h"

ASSAY_DWCONV_KERNEL(f16_neonfp16_1x16, ASSAY_MODE_FP16, ASSAY_ACC_F16, CR, NULL, run);
