/* int8, AVX-512 without VNNI: 12 rows by 2 vectors of 16 columns, 2 inputs a step, both widened to int16, because
 * vpmaddubsw saturates. 24 accumulators, 2 vectors of weights, an input and a product take 28 of the 32 registers. A
 * step is 24 vpmaddwd and as many vpaddd for 768 multiply-accumulates: bound by vpmaddwd, 24 cycles of a port of 512
 * bits. */
enum { MR = 12 };
#define DOT_BYTES 2
#include "kernels/gemm/x86_64/i8_tile.h"

ASSAY_IGEMM_KERNEL(i8_avx512_12x32, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, 2, tile, .element = ELEMENT,
                   .solved_rescale = true, .without52 = true, .input_offset = INPUT_OFFSET, .rewrite = widen);
