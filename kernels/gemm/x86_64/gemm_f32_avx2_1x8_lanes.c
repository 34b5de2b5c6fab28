/* fp32, AVX2 and FMA: one row by up to 8 columns, 8 inputs in the lanes of a vector. A step of 8 inputs is a load of
 * them and a multiply-add with weights from memory for each column: bound by those loads. 2 columns of 256 inputs take
 * 48 cycles, and a call and its reduction about 60. */
#define OUTPUT float
#define WEIGHT float
#include "kernels/gemm/x86_64/lanes.h"

ASSAY_IGEMM_KERNEL(f32_avx2_1x8_lanes, ASSAY_MODE_FP32, ASSAY_ACC_F32, MR, NR, NULL, LANES, tile, .grain = GRAIN,
                   .cheap_taps = true, .supports = supports,
                   .cost = {.row = 4.5, .step = 4.5, .store = 10, .tile = 10, .cut = GRAIN});
