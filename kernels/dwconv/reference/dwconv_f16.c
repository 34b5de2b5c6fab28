#include "kernels/core/numerics/f16.h"

#define STEM dwconv_f16
#include "kernels/dwconv/reference/dwconv.inc"
