#include "kernels/core/numerics/f32.h"

#define STEM gemm_f32
#include "kernels/gemm/reference/gemm.inc"
