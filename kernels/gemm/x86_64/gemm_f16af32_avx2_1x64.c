/* fp16 summed in f32, AVX2, FMA and F16C: the row of gemm_f16w_avx2_1x64 over inputs that the driver widens. */
#define OUTPUT assay_f16
#define WEIGHT assay_f16
enum { VECTORS = 8, GRAIN = 1 };
#include "kernels/gemm/x86_64/float_row.h"
#include "kernels/gemm/x86_64/widen.h"

ASSAY_IGEMM_KERNEL(f16af32_avx2_1x64, ASSAY_MODE_FP16, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .grain = GRAIN * LANES,
                   .cheap_taps = true, .rewrite = widen,
                   .cost = {.row = 4.8, .step = 4.8, .store = 12, .tile = 10, .cut = GRAIN * LANES});
