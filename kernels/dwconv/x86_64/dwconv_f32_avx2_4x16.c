/* fp32, AVX2 and FMA: 4 pixels by 2 vectors of 8 channels. 8 sums and 2 vectors of weights; inputs are memory operands.
 * A tap is 8 multiply-adds, 10 vector loads and 4 loads of pointers: bound by the loads, 5 cycles for 64
 * multiply-accumulates. */
#define INPUT float
#define WEIGHT float
enum { PIXELS = 4 };
#include "kernels/dwconv/x86_64/float_run.h"

ASSAY_DWCONV_KERNEL(f32_avx2_4x16, ASSAY_MODE_FP32, ASSAY_ACC_F32, CR, NULL, run, .element = ASSAY_PACK_SAME,
                    .cost = {.tap = 2.3, .pixel = 3});
