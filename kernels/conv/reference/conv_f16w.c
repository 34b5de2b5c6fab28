#include "kernels/core/numerics/f16w.h"

#define STEM conv_f16w
#include "kernels/conv/reference/conv.inc"
