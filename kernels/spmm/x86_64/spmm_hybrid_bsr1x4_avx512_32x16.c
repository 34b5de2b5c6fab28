/* Sparse hybrid, bsr1x4, AVX-512 without VNNI: 32 rows (2 vectors) a tile, two inputs along k a lane, both sides
 * widened to int16. A block is two pairs. A pair is a broadcast, 2 vpmaddwd and 2 vpaddd: bound by the multiplications.
 */
#define MODE ASSAY_MODE_HYBRID
enum { BLOCK_ROWS = 1, BLOCK_COLUMNS = 4 };
#include "kernels/quantize/x86_64/dynamic.h"
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(hybrid_bsr1x4_avx512_32x16, ASSAY_MODE_HYBRID, ASSAY_BLOCK_1X4, ACCUMULATOR, MR, NULL, COLUMNS, UNIT,
                  tile, .input_size = UNIT_BYTES, .transpose = turn_inputs, .element = ELEMENT, .unit = UNIT,
                  .block_rows = BLOCK_ROWS, .block_columns = BLOCK_COLUMNS, .fill = FILL, .input_step = INPUT_STEP,
                  .output_step = COLUMNS, .input_offset = INPUT_OFFSET, .row_range = row_range,
                  .row_quantize = row_quantize);
