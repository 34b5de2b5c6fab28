#define STEM quantize_f32i16
#define CONVERSION ASSAY_F32_I16
#define MODE ASSAY_MODE_INT16X8
#define TO int16_t
#define TO_MIN INT16_MIN
#define TO_MAX INT16_MAX
#include "kernels/quantize/reference/to_integer.inc"
