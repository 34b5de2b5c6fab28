/* fp32. See numerics.h. */
#define MODE ASSAY_MODE_FP32
#define SOURCE float
#define WEIGHT float
#define SUM float
#define ACCUMULATOR ASSAY_ACC_F32
#include "kernels/core/numerics/float.h"
