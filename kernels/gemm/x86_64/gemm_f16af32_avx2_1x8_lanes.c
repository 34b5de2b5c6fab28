/* fp16 summed in f32, AVX2, FMA and F16C: gemm_f16w_avx2_1x8_lanes over inputs that the driver widens. */
#define OUTPUT assay_f16
#define WEIGHT assay_f16
#include "kernels/gemm/x86_64/lanes.h"
#include "kernels/gemm/x86_64/widen.h"

ASSAY_IGEMM_KERNEL(f16af32_avx2_1x8_lanes, ASSAY_MODE_FP16, ASSAY_ACC_F32, MR, NR, NULL, LANES, tile, .grain = GRAIN,
                   .cheap_taps = true, .rewrite = widen, .supports = supports,
                   .cost = {.row = 4, .step = 4, .store = 8, .tile = 8, .cut = GRAIN});
