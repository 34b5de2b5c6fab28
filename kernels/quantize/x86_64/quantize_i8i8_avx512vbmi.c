/* int8 to int8, AVX-512 VBMI. All 256 answers are in four registers: two lookups (vpermt2b) and a blend for 64 bytes.
 * Bound by load and store. 3 cycles for 64 elements in the first-level cache. */
#define CALL_CYCLES 40.0
#define STEP_CYCLES 3.3
#include "kernels/quantize/x86_64/requantize_i8.h"

ASSAY_CONVERSION_KERNEL(quantize_i8i8_avx512vbmi, ASSAY_ACC_I32, packed_size, pack);
