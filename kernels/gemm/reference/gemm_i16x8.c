#include "kernels/core/numerics/i16x8.h"

#define STEM gemm_i16x8
#include "kernels/gemm/reference/gemm.inc"
