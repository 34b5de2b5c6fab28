#include "kernels/core/numerics/f16af32.h"

#define STEM conv_f16af32
#include "kernels/conv/reference/conv.inc"
