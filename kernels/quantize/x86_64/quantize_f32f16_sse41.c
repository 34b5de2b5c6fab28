/* f32 to f16, SSE4.1. Without F16C: a dozen integer operations a vector, which bound it. 22 cycles for 16 elements in
 * the first-level cache. */
#define FROM float
#define TO assay_f16
#define CONVERSION ASSAY_F32_F16
#define CALL_CYCLES 40.0
#define STEP_CYCLES 21.8
#include "kernels/quantize/x86_64/half.h"

ASSAY_CONVERSION_KERNEL(quantize_f32f16_sse41, ASSAY_ACC_F32, no_packed_size, pack_nothing);
