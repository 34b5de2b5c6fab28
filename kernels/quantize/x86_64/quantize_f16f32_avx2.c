/* f16 to f32, AVX2. Bound by the stores: twice the bytes that are read. 4 cycles for 32 elements in the first-level
 * cache. */
#define FROM assay_f16
#define TO float
#define CONVERSION ASSAY_F16_F32
#define CALL_CYCLES 40.0
#define STEP_CYCLES 4.0
#include "kernels/quantize/x86_64/half.h"

ASSAY_CONVERSION_KERNEL(quantize_f16f32_avx2, ASSAY_ACC_F32, no_packed_size, pack_nothing);
