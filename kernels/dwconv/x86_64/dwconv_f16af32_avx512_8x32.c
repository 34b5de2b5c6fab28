/* fp16 summed in f32, AVX-512: as dwconv_f16w_avx512_8x32, with a conversion for each multiply-add: bound by those. */
#define INPUT assay_f16
#define WEIGHT assay_f16
enum { PIXELS = 8 };
#include "kernels/dwconv/x86_64/float_run.h"

ASSAY_DWCONV_KERNEL(f16af32_avx512_8x32, ASSAY_MODE_FP16, ASSAY_ACC_F32, CR, NULL, run, .element = ASSAY_PACK_SAME,
                    .cost = {.tap = 4.4, .pixel = 4.4});
