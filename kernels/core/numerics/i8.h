/* int8. See numerics.h. */
#define MODE ASSAY_MODE_INT8
#define SOURCE int8_t
#define BIAS int32_t
#define SUM uint32_t
#define RESCALE(sum, multiplier, shift) assay_rescale((int32_t)(sum), multiplier, shift)
#define ACCUMULATOR ASSAY_ACC_I32
#include "kernels/core/numerics/integer.h"
