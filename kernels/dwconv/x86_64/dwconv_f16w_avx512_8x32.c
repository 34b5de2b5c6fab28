/* fp16w, AVX-512: as dwconv_f32_avx512_8x32, with 2 conversions a tap beside its 16 multiply-adds. */
#define INPUT float
#define WEIGHT assay_f16
enum { PIXELS = 8 };
#include "kernels/dwconv/x86_64/float_run.h"

ASSAY_DWCONV_KERNEL(f16w_avx512_8x32, ASSAY_MODE_FP16W, ASSAY_ACC_F32, CR, NULL, run, .element = ASSAY_PACK_SAME,
                    .cost = {.tap = 3.4, .pixel = 4});
