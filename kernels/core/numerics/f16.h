/* fp16, summed in f16: each product and each sum is rounded. See numerics.h. */
#define MODE ASSAY_MODE_FP16
#define SOURCE assay_f16
#define WEIGHT assay_f16
#define SUM assay_f16
#define ACCUMULATOR ASSAY_ACC_F16
#include "kernels/core/numerics/float.h"
