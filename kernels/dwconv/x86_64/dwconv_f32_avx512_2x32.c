/* fp32 3x3, AVX-512: 2 rows of the output by 32 channels. 12 sums, 4 inputs, 12 of the 18 weights, the range of the
 * activation: 30 registers. A step of stride 1 is 36 multiply-adds, 18 loads and 4 stores for 576
 * multiply-accumulates: bound by the multiply-adds, 36 cycles where there is one of 512 bits a cycle; 95 % of that
 * bound where the input is in the second-level cache. At stride 2, 20 loads of new lines for the same 36: bound by the
 * cache that they come from, of a line in two cycles; 53 % of the multiply-adds' bound. */
#define INPUT float
#define WEIGHT float
#include "kernels/dwconv/x86_64/float_rows.h"

ASSAY_DWROWS(f32_avx512_2x32, ASSAY_MODE_FP32, ASSAY_ACC_F32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, ROWS}, .grain = LANES, .run = run, .pack = pack, .cost = {20, {38, 60}, {22, 32}});
