/* fp16w, AVX2, FMA and F16C: the tile of gemm_f32_avx2_6x16, with 2 conversions (vcvtph2ps) a step of k beside its 12
 * multiply-adds. For few rows it reads half the bytes of fp32, which is what bounds those. */
#define OUTPUT float
#define WEIGHT assay_f16
enum { MR = 6, VECTORS = 2, FEWEST = 1 };
#include "kernels/gemm/x86_64/float_tile.h"

ASSAY_IGEMM_KERNEL(f16w_avx2_6x16, ASSAY_MODE_FP16W, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .cheap_taps = true,
                   .cost = {.row = 1.03, .step = 1.5, .store = 2, .tile = 12, .cut = 8});
