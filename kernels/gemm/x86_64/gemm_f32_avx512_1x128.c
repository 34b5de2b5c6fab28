/* fp32, AVX-512: one row, 8 vectors of 16 columns. A step of k is 8 multiply-adds with weights from memory and a
 * broadcast: bound by the bandwidth of whatever holds the weights. */
#define OUTPUT float
#define WEIGHT float
enum { VECTORS = 8, GRAIN = 1 };
#include "kernels/gemm/x86_64/float_row.h"

ASSAY_IGEMM_KERNEL(f32_avx512_1x128, ASSAY_MODE_FP32, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .grain = GRAIN * LANES,
                   .cheap_taps = true, .cost = {.row = 16, .step = 16, .store = 16, .tile = 10, .cut = GRAIN * LANES});
