/* fp16w, AVX2, FMA and F16C: as dwconv_f32_avx2_4x16, with 2 conversions a tap beside its 8 multiply-adds. */
#define INPUT float
#define WEIGHT assay_f16
enum { PIXELS = 4 };
#include "kernels/dwconv/x86_64/float_run.h"

ASSAY_DWCONV_KERNEL(f16w_avx2_4x16, ASSAY_MODE_FP16W, ASSAY_ACC_F32, CR, NULL, run, .element = ASSAY_PACK_SAME,
                    .cost = {.tap = 2.3, .pixel = 3});
