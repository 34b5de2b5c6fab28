/* int16 to f32, AVX-512. Bound by the stores: twice the bytes that are read. 8 cycles for 64 elements in the
 * first-level cache. */
#define FROM int16_t
#define CONVERSION ASSAY_I16_F32
#define MODE ASSAY_MODE_INT16X8
#define CALL_CYCLES 40.0
#define STEP_CYCLES 8.3
#include "kernels/quantize/x86_64/to_float.h"

ASSAY_CONVERSION_KERNEL(quantize_i16f32_avx512, ASSAY_ACC_F32, no_packed_size, pack_nothing);
