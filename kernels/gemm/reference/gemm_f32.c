/* fp32 fully connected layer, as the contract says it (kernels/gemm/gemm.h). */
#define INPUT float
#define WEIGHT float
#define MODE ASSAY_MODE_FP32
#define STEM gemm_f32
#include "kernels/gemm/reference/gemm_float.inc"
