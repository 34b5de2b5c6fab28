#include "kernels/core/numerics/f16af32.h"

#define STEM dwconv_f16af32
#include "kernels/dwconv/reference/dwconv.inc"
