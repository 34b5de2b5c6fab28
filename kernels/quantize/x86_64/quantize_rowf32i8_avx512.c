/* f32 to int8, each row by itself, AVX-512. Of a vector: a minimum and a maximum in the first pass, a product, a
 * conversion and its share of the narrowing in the second, which finds in the cache what fits it. Bound by those. 14
 * cycles for 64 elements of long rows in the first-level cache, 18 for a row of 32. */
#define CALL_CYCLES 40.0
#define STEP_CYCLES 14.0
#include "kernels/quantize/x86_64/rows.h"

ASSAY_CONVERSION_KERNEL(quantize_rowf32i8_avx512, ASSAY_ACC_F32, no_packed_size, pack_nothing);
