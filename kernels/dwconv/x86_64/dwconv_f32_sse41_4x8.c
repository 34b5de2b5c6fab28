/* fp32, SSE4.1: 4 pixels by 2 vectors of 4 channels. 8 sums and 2 vectors of weights. A tap is 8 multiplications, 8
 * additions, 10 vector loads and 4 loads of pointers for 32 multiply-accumulates: bound by the instructions. */
#define INPUT float
#define WEIGHT float
enum { PIXELS = 4 };
#include "kernels/dwconv/x86_64/float_run.h"

ASSAY_DWCONV_KERNEL(f32_sse41_4x8, ASSAY_MODE_FP32, ASSAY_ACC_F32, CR, NULL, run, .element = ASSAY_PACK_SAME);
