/* f32 to f16, AVX2. Of a vector one conversion, one load and half a store. 8 cycles for 32 elements in the
 * first-level cache. */
#define FROM float
#define TO assay_f16
#define CONVERSION ASSAY_F32_F16
#define CALL_CYCLES 40.0
#define STEP_CYCLES 8.2
#include "kernels/quantize/x86_64/half.h"

ASSAY_CONVERSION_KERNEL(quantize_f32f16_avx2, ASSAY_ACC_F32, no_packed_size, pack_nothing);
