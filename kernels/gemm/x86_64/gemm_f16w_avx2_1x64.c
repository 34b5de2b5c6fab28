/* fp16w, AVX2, FMA and F16C: gemm_f32_avx2_1x64 with weights that are widened as they are loaded. A step of k is 8
 * conversions from memory, 8 multiply-adds and a broadcast, 4.8 cycles for 128 bytes of weights. */
#define OUTPUT float
#define WEIGHT assay_f16
enum { VECTORS = 8, GRAIN = 1 };
#include "kernels/gemm/x86_64/float_row.h"

ASSAY_IGEMM_KERNEL(f16w_avx2_1x64, ASSAY_MODE_FP16W, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .grain = GRAIN * LANES,
                   .cheap_taps = true,
                   .cost = {.row = 4.8, .step = 4.8, .store = 10, .tile = 10, .cut = GRAIN * LANES});
