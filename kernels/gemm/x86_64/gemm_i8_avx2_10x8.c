/* int8, AVX2: 10 rows by a vector of 8 columns, for the columns of which 6x16 would compute half a panel for nothing.
 * 10 accumulators, a vector of weights, an input and a product take 13 registers; with 12 rows their pointers would not
 * fit the general ones (10.1 cycles a step instead of 8.0). A step is 10 vpmaddwd, 10 vpaddd and 11 loads for 160
 * multiply-accumulates: bound by loads, 5.5 cycles where there are two a cycle; 8.0 are taken. */
enum { MR = 10 };
#define TILE_VECTORS 1
#define DOT_BYTES 2
#include "kernels/gemm/x86_64/i8_tile.h"

ASSAY_IGEMM_KERNEL(i8_avx2_10x8, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, 2, tile, .element = ELEMENT,
                   .input_offset = INPUT_OFFSET, .rewrite = widen,
                   .cost = {.row = 0.7, .step = 1.2, .store = 6.3, .tile = 38});
