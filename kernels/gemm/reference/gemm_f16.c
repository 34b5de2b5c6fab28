#include "kernels/core/numerics/f16.h"

#define STEM gemm_f16
#include "kernels/gemm/reference/gemm.inc"
