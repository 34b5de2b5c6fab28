#include "kernels/core/numerics/hybrid.h"

#define STEM conv_hybrid
#include "kernels/conv/reference/conv.inc"
