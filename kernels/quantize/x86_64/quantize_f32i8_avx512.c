/* f32 to int8, AVX-512. Of a vector: one multiply-add, one conversion, its share of the narrowing and of the look at
 * the bits behind the point. Bound by those, in the first-level cache; beyond it by the bandwidth. 10 cycles for 64
 * elements in the first-level cache. */
#define TO int8_t
#define TO_I8
#define CONVERSION ASSAY_F32_I8
#define MODE ASSAY_MODE_INT8
#define CALL_CYCLES 40.0
#define STEP_CYCLES 10.4
#include "kernels/quantize/x86_64/to_integer.h"

ASSAY_CONVERSION_KERNEL(quantize_f32i8_avx512, ASSAY_ACC_F32, no_packed_size, pack_nothing);
