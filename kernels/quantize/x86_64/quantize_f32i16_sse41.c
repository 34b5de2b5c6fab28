/* f32 to int16, SSE4.1. Without a fused multiply-add it divides, which bounds it. 16 cycles for 16 elements in the
 * first-level cache. */
#define TO int16_t
#define CONVERSION ASSAY_F32_I16
#define MODE ASSAY_MODE_INT16X8
#define CALL_CYCLES 40.0
#define STEP_CYCLES 15.9
#include "kernels/quantize/x86_64/to_integer.h"

ASSAY_CONVERSION_KERNEL(quantize_f32i16_sse41, ASSAY_ACC_F32, no_packed_size, pack_nothing);
