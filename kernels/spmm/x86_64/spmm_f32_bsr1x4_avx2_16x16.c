/* Sparse fp32, bsr1x4, AVX2 and FMA: 16 rows (2 vectors) a tile. A block is one index, and 4 broadcasts and 8
 * multiply-adds whose inputs are memory operands: bound by the loads. */
#define MODE ASSAY_MODE_FP32
enum { BLOCK_ROWS = 1, BLOCK_COLUMNS = 4 };
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(f32_bsr1x4_avx2_16x16, ASSAY_MODE_FP32, ASSAY_BLOCK_1X4, ACCUMULATOR, MR, NULL, COLUMNS, UNIT, tile,
                  .input_size = UNIT_BYTES, .transpose = turn_inputs, .element = ELEMENT, .unit = UNIT,
                  .block_rows = BLOCK_ROWS, .block_columns = BLOCK_COLUMNS, .fill = FILL, .input_step = INPUT_STEP,
                  .output_step = COLUMNS, .input_offset = INPUT_OFFSET);
