/* Sparse fp32, bsr4x1, AVX-512: 32 rows (2 vectors) a tile. A block is one index, 2 loads of inputs that 4 channels
 * share, 4 broadcasts and 8 multiply-adds: bound by those. */
#define MODE ASSAY_MODE_FP32
enum { BLOCK_ROWS = 4, BLOCK_COLUMNS = 1 };
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(f32_bsr4x1_avx512_32x16, ASSAY_MODE_FP32, ASSAY_BLOCK_4X1, ACCUMULATOR, MR, NULL, COLUMNS, UNIT, tile,
                  .input_size = UNIT_BYTES, .transpose = turn_inputs, .element = ELEMENT, .unit = UNIT,
                  .block_rows = BLOCK_ROWS, .block_columns = BLOCK_COLUMNS, .fill = FILL, .input_step = INPUT_STEP,
                  .output_step = COLUMNS, .input_offset = INPUT_OFFSET);
