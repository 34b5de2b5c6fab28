#include "kernels/core/numerics/f32.h"

#define STEM conv_f32
#include "kernels/conv/reference/conv.inc"
