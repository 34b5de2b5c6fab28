/* fp32 3x3, AVX-512: 2 rows of the output by 16 channels. 9 weights, 12 inputs (15 at stride 2), 2 sums, bias and range
 * of the activation: 27 registers. A step of stride 1 is 18 multiply-adds, 4 loads and 2 stores for 288
 * multiply-accumulates: bound by the multiply-adds, 18 cycles where there is one of 512 bits a cycle; 85 % of that
 * bound from 28x28 up. At stride 2, 10 loads of new lines for the same 18: bound by the cache that they come from. */
#define INPUT float
#define WEIGHT float
#include "kernels/dwconv/x86_64/float_rows.h"

ASSAY_DWROWS(f32_avx512_2x16, ASSAY_MODE_FP32, ASSAY_ACC_F32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, ROWS}, .run = run, .pack = pack, .cost = {25, {20, 26}, {10.5, 13}});
