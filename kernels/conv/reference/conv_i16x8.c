#include "kernels/core/numerics/i16x8.h"

#define STEM conv_i16x8
#include "kernels/conv/reference/conv.inc"
