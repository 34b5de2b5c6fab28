/* f16 to f32, SSE4.1. Without F16C: a dozen integer operations a vector, which bound it. 17 cycles for 16 elements in
 * the first-level cache. */
#define FROM assay_f16
#define TO float
#define CONVERSION ASSAY_F16_F32
#define CALL_CYCLES 40.0
#define STEP_CYCLES 16.6
#include "kernels/quantize/x86_64/half.h"

ASSAY_CONVERSION_KERNEL(quantize_f16f32_sse41, ASSAY_ACC_F32, no_packed_size, pack_nothing);
