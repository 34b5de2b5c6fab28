/* int8, SSE4.1: 6 rows by 2 vectors of 4 columns, 2 inputs a step, both widened to int16, because pmaddubsw
 * saturates. 12 accumulators, 2 vectors of weights, an input and a product take the 16 registers. A step is 12
 * pmaddwd and 12 paddd for 96 multiply-accumulates, beside 6 broadcasts: bound by the instructions. */
enum { MR = 6 };
#define DOT_BYTES 2
#include "kernels/gemm/x86_64/i8_tile.h"

ASSAY_IGEMM_KERNEL(i8_sse41_6x8, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, 2, tile, .element = ELEMENT,
                   .input_offset = INPUT_OFFSET, .rewrite = widen);
