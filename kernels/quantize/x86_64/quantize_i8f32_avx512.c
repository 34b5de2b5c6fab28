/* int8 to f32, AVX-512. Bound by the stores: four bytes for each one that is read. 8 cycles for 64 elements in the
 * first-level cache. */
#define FROM int8_t
#define CONVERSION ASSAY_I8_F32
#define MODE ASSAY_MODE_INT8
#define CALL_CYCLES 40.0
#define STEP_CYCLES 8.2
#include "kernels/quantize/x86_64/to_float.h"

ASSAY_CONVERSION_KERNEL(quantize_i8f32_avx512, ASSAY_ACC_F32, no_packed_size, pack_nothing);
