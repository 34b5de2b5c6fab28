/* int8 to int8, SSE4.1. Of a vector of 32-bit lanes: a widening load, two conversions and a multiply-add, and its
 * share of the narrowing. Bound by those. 9 cycles for 16 elements in the first-level cache. */
#define CALL_CYCLES 40.0
#define STEP_CYCLES 8.9
#include "kernels/quantize/x86_64/requantize_i8.h"

ASSAY_CONVERSION_KERNEL(quantize_i8i8_sse41, ASSAY_ACC_I32, packed_size, pack);
