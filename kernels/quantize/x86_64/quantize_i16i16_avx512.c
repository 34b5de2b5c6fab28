/* int16 to int16, AVX-512. Of a vector of 16-bit lanes, where the factor is below 2: three products of 16 bits, an
 * average, a shift and three or four additions; with a second rounding, where the factor is below 1/2, a product, an
 * addition and a shift more. Bound by those. 9 cycles for 64 elements in the first-level cache. */
#define CALL_CYCLES 40.0
#define STEP_CYCLES 9.1
#include "kernels/quantize/x86_64/requantize_i16.h"

ASSAY_CONVERSION_KERNEL(quantize_i16i16_avx512, ASSAY_ACC_I32, packed_size, pack);
