/* fp16w, AVX2, FMA and F16C: gemm_f32_avx2_1x8_lanes with weights that are widened as they are loaded. */
#define OUTPUT float
#define WEIGHT assay_f16
#include "kernels/gemm/x86_64/lanes.h"

ASSAY_IGEMM_KERNEL(f16w_avx2_1x8_lanes, ASSAY_MODE_FP16W, ASSAY_ACC_F32, MR, NR, NULL, LANES, tile, .grain = GRAIN,
                   .cheap_taps = true, .supports = supports,
                   .cost = {.row = 4, .step = 4, .store = 8, .tile = 8, .cut = GRAIN});
