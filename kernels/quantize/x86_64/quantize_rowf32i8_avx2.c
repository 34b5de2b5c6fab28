/* f32 to int8, each row by itself, AVX2. Of a vector: a minimum and a maximum in the first pass, a product, a
 * conversion and its share of the narrowing in the second, which finds in the cache what fits it. Bound by those. 8
 * cycles for 32 elements of long rows in the first-level cache, 19 for a row of 32. */
#define CALL_CYCLES 40.0
#define STEP_CYCLES 7.5
#include "kernels/quantize/x86_64/rows.h"

ASSAY_CONVERSION_KERNEL(quantize_rowf32i8_avx2, ASSAY_ACC_F32, no_packed_size, pack_nothing);
