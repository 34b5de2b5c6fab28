#include "kernels/core/numerics/f16w.h"

#define STEM dwconv_f16w
#include "kernels/dwconv/reference/dwconv.inc"
