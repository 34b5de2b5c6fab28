/* fp32, AVX-512, for layers of at most 16 output channels, of which a tile of 32 columns would throw half away: 12 rows
 * by a vector of 16 columns. 12 accumulators, a vector of weights; the broadcasts are operands of the multiply-adds. A
 * step of k is 12 multiply-adds and 13 loads: bound by the two load ports, 6.5 cycles where there are two multiply-adds
 * a cycle, else by the FMA port. */
#define INPUT float
#define WEIGHT float
#define VECTORS 1
enum { MR = 12 };
#include "kernels/gemm/x86_64/float_tile.h"

static const char *supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    return assay_problem_channels(problem) <= NR ? NULL : "it is made for at most 16 output channels";
}

ASSAY_IGEMM_KERNEL(f32_avx512_12x16, ASSAY_MODE_FP32, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .supports = supports);
