/* int8, AVX-VNNI: 6 rows by 2 vectors of 8 columns, 4 inputs a step. 12 accumulators, 2 vectors of weights, an input
 * and the sign bits take the 16 registers. A step is 12 vpdpbusd, 6 broadcasts, 6 flips of the sign and 2 loads for 384
 * multiply-accumulates: bound by vpdpbusd, 6 cycles where there are two a cycle. */
enum { MR = 6 };
#define DOT_BYTES 4
#define HYBRID 0
#include "kernels/gemm/x86_64/i8_tile.h"

ASSAY_IGEMM_KERNEL(i8_avxvnni_6x16, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, .element = ELEMENT,
                   .input_offset = INPUT_OFFSET);
