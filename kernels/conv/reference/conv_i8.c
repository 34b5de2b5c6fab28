#include "kernels/core/numerics/i8.h"

#define STEM conv_i8
#include "kernels/conv/reference/conv.inc"
