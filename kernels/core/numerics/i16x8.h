/* int16x8: int16 activations, int8 weights. See numerics.h. */
#define MODE ASSAY_MODE_INT16X8
#define SOURCE int16_t
#define BIAS int64_t
#define SUM uint64_t
#define RESCALE(sum, multiplier, shift) assay_rescale64((int64_t)(sum), multiplier, shift)
#define ACCUMULATOR ASSAY_ACC_I64
#include "kernels/core/numerics/integer.h"
