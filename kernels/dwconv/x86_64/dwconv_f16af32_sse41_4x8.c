/* fp16 summed in f32, SSE4.1: as dwconv_f16w_sse41_4x8, with a conversion by a dozen integer operations for each
 * product: bound by those. */
#define INPUT assay_f16
#define WEIGHT assay_f16
enum { PIXELS = 4 };
#include "kernels/dwconv/x86_64/float_run.h"

ASSAY_DWCONV_KERNEL(f16af32_sse41_4x8, ASSAY_MODE_FP16, ASSAY_ACC_F32, CR, NULL, run, .element = ASSAY_PACK_SAME);
