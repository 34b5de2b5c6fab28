/* Sparse hybrid, csr, AVX-512 VNNI: 32 rows (2 vectors) a tile, four inputs along k a lane. Four weights are kept where
 * any of them is not zero: 1x4 blocks, which random zeros seldom leave empty below 75 %. Each is an index, a broadcast
 * and 2 vpdpbusd. */
#define MODE ASSAY_MODE_HYBRID
enum { BLOCK_ROWS = 1, BLOCK_COLUMNS = 4 };
#include "kernels/quantize/x86_64/dynamic.h"
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(hybrid_csr_avx512vnni_32x16, ASSAY_MODE_HYBRID, ASSAY_RANDOM, ACCUMULATOR, MR, NULL, COLUMNS, UNIT,
                  tile, .input_size = UNIT_BYTES, .transpose = turn_inputs, .element = ELEMENT, .unit = UNIT,
                  .block_rows = BLOCK_ROWS, .block_columns = BLOCK_COLUMNS, .fill = FILL, .input_step = INPUT_STEP,
                  .output_step = COLUMNS, .input_offset = INPUT_OFFSET, .row_range = row_range,
                  .row_quantize = row_quantize);
