#include "kernels/core/numerics/hybrid.h"

#define STEM gemm_hybrid
#include "kernels/gemm/reference/gemm.inc"
