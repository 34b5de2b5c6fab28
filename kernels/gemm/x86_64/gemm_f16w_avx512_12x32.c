/* fp16w, AVX-512: the tile of gemm_f32_avx512_12x32, with 2 conversions (vcvtph2ps) a step of k beside its 24
 * multiply-adds. For few rows it reads half the bytes of fp32, which is what bounds those. */
#define INPUT float
#define WEIGHT assay_f16
enum { MR = 12 };
#include "kernels/gemm/x86_64/float_tile.h"

ASSAY_IGEMM_KERNEL(f16w_avx512_12x32, ASSAY_MODE_FP16W, ASSAY_ACC_F32, MR, NR, NULL, 1, tile);
