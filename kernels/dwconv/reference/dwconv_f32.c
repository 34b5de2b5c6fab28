#include "kernels/core/numerics/f32.h"

#define STEM dwconv_f32
#include "kernels/dwconv/reference/dwconv.inc"
