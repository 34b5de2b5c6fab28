/* fp16w, SSE4.1: as dwconv_f32_sse41_4x8, with 2 conversions a tap, a dozen integer operations each. */
#define INPUT float
#define WEIGHT assay_f16
enum { PIXELS = 4 };
#include "kernels/dwconv/x86_64/float_run.h"

ASSAY_DWCONV_KERNEL(f16w_sse41_4x8, ASSAY_MODE_FP16W, ASSAY_ACC_F32, CR, NULL, run, .element = ASSAY_PACK_SAME);
