/* fp32, AVX-512: 8 pixels by 2 vectors of 16 channels. 16 sums and 2 vectors of weights; inputs are memory operands. A
 * tap is 16 multiply-adds, 18 vector loads and 8 loads of pointers: bound by the loads, 18 cycles where there is one of
 * 512 bits a cycle, for 256 multiply-accumulates. */
#define INPUT float
#define WEIGHT float
enum { PIXELS = 8 };
#include "kernels/dwconv/x86_64/float_run.h"

ASSAY_DWCONV_KERNEL(f32_avx512_8x32, ASSAY_MODE_FP32, ASSAY_ACC_F32, CR, NULL, run, .element = ASSAY_PACK_SAME,
                    .cost = {.tap = 3.5, .pixel = 4});
