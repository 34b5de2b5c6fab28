/* int8, AVX2: 6 rows by 2 vectors of 8 columns, 2 inputs a step, both widened to int16 (inputs once a run), because
 * vpmaddubsw saturates. 12 accumulators, 2 vectors of weights, an input and a product take the 16 registers. A step is
 * 12 vpmaddwd and 12 vpaddd for 192 multiply-accumulates: bound by the two ports of vpmaddwd, 6 cycles. */
enum { MR = 6 };
#define DOT_BYTES 2
#include "kernels/gemm/x86_64/i8_tile.h"

ASSAY_IGEMM_KERNEL(i8_avx2_6x16, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, 2, tile, .element = ELEMENT,
                   .input_offset = INPUT_OFFSET, .rewrite = widen,
                   .cost = {.row = 1.32, .step = 2.3, .store = 12, .tile = 28});
