/* fp16 summed in f32, AVX2, FMA and F16C: the tile of gemm_f16w_avx2_6x16 over inputs that the driver widens. */
#define OUTPUT assay_f16
#define WEIGHT assay_f16
enum { MR = 6, VECTORS = 2, FEWEST = 1 };
#include "kernels/gemm/x86_64/float_tile.h"
#include "kernels/gemm/x86_64/widen.h"

ASSAY_IGEMM_KERNEL(f16af32_avx2_6x16, ASSAY_MODE_FP16, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .cheap_taps = true,
                   .rewrite = widen, .cost = {.row = 1.03, .step = 1.5, .store = 2.5, .tile = 12, .cut = 8});
