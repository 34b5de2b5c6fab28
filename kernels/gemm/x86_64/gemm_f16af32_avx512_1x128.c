/* fp16 summed in f32, AVX-512 VL: the row of gemm_f16w_avx512_1x128 over inputs that the driver widens. */
#define OUTPUT assay_f16
#define WEIGHT assay_f16
#define ASSAY_SIMD_256
enum { VECTORS = 16, GRAIN = 2 };
#include "kernels/gemm/x86_64/float_row.h"
#include "kernels/gemm/x86_64/widen.h"

ASSAY_IGEMM_KERNEL(f16af32_avx512_1x128, ASSAY_MODE_FP16, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .grain = GRAIN * LANES,
                   .cheap_taps = true, .rewrite = widen,
                   .cost = {.row = 9, .step = 9, .store = 20, .tile = 10, .cut = GRAIN * LANES});
