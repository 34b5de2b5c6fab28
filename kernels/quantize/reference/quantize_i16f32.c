#define STEM quantize_i16f32
#define CONVERSION ASSAY_I16_F32
#define MODE ASSAY_MODE_INT16X8
#define FROM int16_t
#include "kernels/quantize/reference/to_float.inc"
