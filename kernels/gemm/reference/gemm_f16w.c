#include "kernels/core/numerics/f16w.h"

#define STEM gemm_f16w
#include "kernels/gemm/reference/gemm.inc"
