#define STEM quantize_i8i8
#define CONVERSION ASSAY_I8_I8
#define MODE ASSAY_MODE_INT8
#define TO int8_t
#define TO_MIN INT8_MIN
#define TO_MAX INT8_MAX
#include "kernels/quantize/reference/requantize.inc"
