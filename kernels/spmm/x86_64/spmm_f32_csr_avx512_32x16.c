/* Sparse fp32, csr, AVX-512: 32 rows (2 vectors) a tile. Each non-zero is an index, a broadcast and 2 multiply-adds
 * whose inputs are memory operands, 4 non-zeros a step in chains of their own: bound by the loads, from the
 * second-level cache where k inputs of the tile do not fit the first. */
#define MODE ASSAY_MODE_FP32
enum { BLOCK_ROWS = 1, BLOCK_COLUMNS = 1 };
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(f32_csr_avx512_32x16, ASSAY_MODE_FP32, ASSAY_RANDOM, ACCUMULATOR, MR, NULL, COLUMNS, UNIT, tile,
                  .input_size = UNIT_BYTES, .transpose = turn_inputs, .element = ELEMENT, .unit = UNIT,
                  .block_rows = BLOCK_ROWS, .block_columns = BLOCK_COLUMNS, .fill = FILL, .input_step = INPUT_STEP,
                  .output_step = COLUMNS, .input_offset = INPUT_OFFSET);
