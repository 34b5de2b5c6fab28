#include "kernels/core/numerics/i8.h"

#define STEM dwconv_i8
#include "kernels/dwconv/reference/dwconv.inc"
