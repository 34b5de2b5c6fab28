#define STEM quantize_f16f32
#define CONVERSION ASSAY_F16_F32
#define FROM assay_f16
#define TO float
#include "kernels/quantize/reference/half.inc"
