#include "kernels/core/numerics/i8.h"

#define STEM gemm_i8
#include "kernels/gemm/reference/gemm.inc"
