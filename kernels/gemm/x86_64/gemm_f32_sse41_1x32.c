/* fp32, SSE4.1: one row, 8 vectors of 4 columns. A step of k is 8 loads of weights, 8 multiplications, 8 additions and
 * a broadcast: 26 instructions for 32 multiply-accumulates, or the bandwidth of whatever holds the weights. */
#define OUTPUT float
#define WEIGHT float
enum { VECTORS = 8, GRAIN = 1 };
#include "kernels/gemm/x86_64/float_row.h"

static const char *supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    return assay_problem_out_rows(problem).rows > 1 ? "more rows than one" : NULL;
}

ASSAY_IGEMM_KERNEL(f32_sse41_1x32, ASSAY_MODE_FP32, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .grain = GRAIN * LANES,
                   .cheap_taps = true, .supports = supports);
