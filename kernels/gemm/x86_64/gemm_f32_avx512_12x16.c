/* fp32, AVX-512: 12 rows by a vector of 16 columns, for few inputs or few columns.
 * 12 accumulators and a vector of weights; the broadcasts are operands of the multiply-adds, so that a step of k is 12
 * multiply-adds and a load: bound by the FMA ports, 12 cycles where there is one multiply-add of 512 bits a cycle, for
 * 192 multiply-accumulates. Beside its steps a call takes 10 cycles, where that of 12x32 takes 80; from 450 inputs on
 * that no longer pays for reading the inputs twice as often. 94 to 99 % of the bound from k = 32 on. */
#define OUTPUT float
#define WEIGHT float
enum { MR = 12, VECTORS = 1, FEWEST = 1 };
#include "kernels/gemm/x86_64/float_tile.h"

static const char *supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    const bool conv = problem->op == ASSAY_OP_CONV;
    return conv && problem->conv.in_c < 3 && problem->conv.kernel_h * problem->conv.kernel_w > 1
               ? "a tap of one or two inputs takes it longer than a wider tile"
               : NULL;
}

ASSAY_IGEMM_KERNEL(f32_avx512_12x16, ASSAY_MODE_FP32, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .cheap_taps = true,
                   .supports = supports, .cost = {.row = 1.0056, .step = 2.2, .store = 0.5, .tile = 4});
