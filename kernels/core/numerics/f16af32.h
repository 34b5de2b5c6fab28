/* fp16, summed in f32. See numerics.h. */
#define MODE ASSAY_MODE_FP16
#define SOURCE assay_f16
#define WEIGHT assay_f16
#define SUM float
#define ACCUMULATOR ASSAY_ACC_F32
#include "kernels/core/numerics/float.h"
