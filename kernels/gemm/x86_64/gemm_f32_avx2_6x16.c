/* fp32, AVX2 and FMA: 6 rows by 2 vectors of 8 columns.
 * 12 accumulators, 2 vectors of weights and 1 broadcast input take 15 of the 16 registers. A step of k is 12
 * multiply-adds, 2 loads and 6 broadcasts: bound by the two FMA ports, 6 cycles for 96 multiply-accumulates. */
#define OUTPUT float
#define WEIGHT float
enum { MR = 6, VECTORS = 2, FEWEST = 1 };
#include "kernels/gemm/x86_64/float_tile.h"

ASSAY_IGEMM_KERNEL(f32_avx2_6x16, ASSAY_MODE_FP32, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .cheap_taps = true,
                   .cost = {.row = 1.03, .step = 2.1, .store = 2, .tile = 12, .cut = 8});
