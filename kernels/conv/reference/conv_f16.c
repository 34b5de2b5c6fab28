#include "kernels/core/numerics/f16.h"

#define STEM conv_f16
#include "kernels/conv/reference/conv.inc"
