/* int8, AVX-512 VNNI: 12 rows by 2 vectors of 16 columns, 4 inputs a step.
 * 24 accumulators, 2 vectors of weights, an input and the sign bits take 28 of the 32 registers. A step is 24 vpdpbusd,
 * 12 loads that broadcast and flip the sign, and 2 loads of weights: bound by the two ports (one, at 512 bits) that
 * multiply, 24 cycles for 1536 multiply-accumulates, which it takes on Zen 4: flips and loads cost nothing there.
 * Beside its steps a tile takes 113 cycles where sums are small enough for a float multiply-add, else 170, nearly all
 * of them for rescaling and storing: it reaches 95 % of the bound with 512 inputs, 76 % with 64. */
enum { MR = 12 };
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/i8_tile.h"

ASSAY_IGEMM_KERNEL(i8_avx512vnni_12x32, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, .element = ELEMENT,
                   .solved_rescale = true, .without52 = true, .even_tiles = true, .input_offset = INPUT_OFFSET,
                   .cost = {.row = 2.08, .step = 5, .store = 17.6, .tile = 16});
