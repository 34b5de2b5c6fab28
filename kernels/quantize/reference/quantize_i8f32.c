#define STEM quantize_i8f32
#define CONVERSION ASSAY_I8_F32
#define MODE ASSAY_MODE_INT8
#define FROM int8_t
#include "kernels/quantize/reference/to_float.inc"
