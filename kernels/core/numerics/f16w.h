/* fp16w: half-precision weights, all else in f32. See numerics.h. */
#define MODE ASSAY_MODE_FP16W
#define SOURCE float
#define WEIGHT assay_f16
#define SUM float
#define ACCUMULATOR ASSAY_ACC_F32
#include "kernels/core/numerics/float.h"
