#include "kernels/core/numerics/f16af32.h"

#define STEM gemm_f16af32
#include "kernels/gemm/reference/gemm.inc"
