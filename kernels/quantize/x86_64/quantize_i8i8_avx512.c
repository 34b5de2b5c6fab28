/* int8 to int8, AVX-512. Of a vector of 32-bit lanes: a widening load, two conversions and a multiply-add, and its
 * share of the narrowing. Bound by those. 14 cycles for 64 elements in the first-level cache. */
#define CALL_CYCLES 40.0
#define STEP_CYCLES 13.7
#include "kernels/quantize/x86_64/requantize_i8.h"

ASSAY_CONVERSION_KERNEL(quantize_i8i8_avx512, ASSAY_ACC_I32, packed_size, pack);
