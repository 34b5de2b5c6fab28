#include "kernels/core/numerics/hybrid.h"

#define STEM dwconv_hybrid
#include "kernels/dwconv/reference/dwconv.inc"
