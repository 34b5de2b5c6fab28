#define STEM quantize_f32f16
#define CONVERSION ASSAY_F32_F16
#define FROM float
#define TO assay_f16
#include "kernels/quantize/reference/half.inc"
