#define STEM quantize_i16i16
#define CONVERSION ASSAY_I16_I16
#define MODE ASSAY_MODE_INT16X8
#define TO int16_t
#define TO_MIN INT16_MIN
#define TO_MAX INT16_MAX
#include "kernels/quantize/reference/requantize.inc"
