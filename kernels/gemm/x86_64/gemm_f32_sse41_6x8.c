/* fp32, SSE4.1: 6 rows by 2 vectors of 4 columns. 12 accumulators, 2 vectors of weights, an input and a product take
 * the 16 registers. A step of k is 12 multiplications, 12 additions, 2 loads and 6 broadcasts, which are a load and a
 * shuffle each: bound by the instructions, about 40 for 48 multiply-accumulates. */
#define INPUT float
#define WEIGHT float
enum { MR = 6 };
#include "kernels/gemm/x86_64/float_tile.h"

ASSAY_IGEMM_KERNEL(f32_sse41_6x8, ASSAY_MODE_FP32, ASSAY_ACC_F32, MR, NR, NULL, 1, tile);
