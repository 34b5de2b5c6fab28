/* f32 to int16, AVX-512. Of a vector: three or four multiplications, which the addition and the conversion after them
 * share their ports with; bound by those. 23 cycles for 64 elements in the first-level cache. */
#define TO int16_t
#define CONVERSION ASSAY_F32_I16
#define MODE ASSAY_MODE_INT16X8
#define CALL_CYCLES 40.0
#define STEP_CYCLES 22.6
#include "kernels/quantize/x86_64/to_integer.h"

ASSAY_CONVERSION_KERNEL(quantize_f32i16_avx512, ASSAY_ACC_F32, no_packed_size, pack_nothing);
