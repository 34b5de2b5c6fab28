/* int16 to int16, AVX-512. Of 2 vectors of 32-bit lanes: a product of 16 bits, two interleavings, two sums of
 * products, additions and shifts for the rounding, and one narrowing. Bound by those. 12 cycles for 64 elements in
 * the first-level cache. */
#define CALL_CYCLES 40.0
#define STEP_CYCLES 12.2
#include "kernels/quantize/x86_64/requantize_i16.h"

ASSAY_CONVERSION_KERNEL(quantize_i16i16_avx512, ASSAY_ACC_I32, packed_size, pack);
