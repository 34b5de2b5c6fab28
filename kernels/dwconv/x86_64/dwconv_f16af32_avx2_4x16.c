/* fp16 summed in f32, AVX2, FMA and F16C: as dwconv_f16w_avx2_4x16, with a conversion for each multiply-add: bound by
 * those. */
#define INPUT assay_f16
#define WEIGHT assay_f16
enum { PIXELS = 4 };
#include "kernels/dwconv/x86_64/float_run.h"

ASSAY_DWCONV_KERNEL(f16af32_avx2_4x16, ASSAY_MODE_FP16, ASSAY_ACC_F32, CR, NULL, run, .element = ASSAY_PACK_SAME,
                    .cost = {.tap = 2.5, .pixel = 2.8});
