/* Sparse int8, bsr4x1, AVX-512 without VNNI: 32 rows (2 vectors) a tile, two inputs along k a lane, both sides widened
 * to int16. Two blocks side by side are kept where either holds a non-zero. A pair is a broadcast, 2 vpmaddwd and 2
 * vpaddd: bound by the multiplications. */
#define MODE ASSAY_MODE_INT8
enum { BLOCK_ROWS = 4, BLOCK_COLUMNS = 2 };
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(i8_bsr4x1_avx512_32x16, ASSAY_MODE_INT8, ASSAY_BLOCK_4X1, ACCUMULATOR, MR, NULL, COLUMNS, UNIT, tile,
                  .input_size = UNIT_BYTES, .transpose = turn_inputs, .element = ELEMENT, .unit = UNIT,
                  .block_rows = BLOCK_ROWS, .block_columns = BLOCK_COLUMNS, .fill = FILL, .input_step = INPUT_STEP,
                  .output_step = COLUMNS, .input_offset = INPUT_OFFSET);
