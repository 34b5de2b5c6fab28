#include "kernels/core/numerics/i16x8.h"

#define STEM dwconv_i16x8
#include "kernels/dwconv/reference/dwconv.inc"
