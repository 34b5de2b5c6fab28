/* fp32, AVX2 and FMA: one row, 8 vectors of 8 columns. A step of k is 8 multiply-adds with weights from memory and a
 * broadcast: bound by the bandwidth of whatever holds the weights. */
#define OUTPUT float
#define WEIGHT float
enum { VECTORS = 8, GRAIN = 1 };
#include "kernels/gemm/x86_64/float_row.h"

ASSAY_IGEMM_KERNEL(f32_avx2_1x64, ASSAY_MODE_FP32, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .grain = GRAIN * LANES,
                   .cheap_taps = true,
                   .cost = {.row = 8.1, .step = 8.1, .store = 10, .tile = 10, .cut = GRAIN * LANES});
