/* Sparse hybrid, csr, AVX2: 48 rows (6 vectors) a tile, two inputs along k a lane, both sides widened to int16. Two
 * weights are kept where any of them is not zero. A step is an index, a broadcast and 6 vpmaddwd and vpaddd whose
 * inputs are memory operands: bound by the loads and the multiplications. */
#define MODE ASSAY_MODE_HYBRID
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 2
#include "kernels/quantize/x86_64/dynamic_rows.h"
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(hybrid_csr_avx2_48x16, ASSAY_MODE_HYBRID, ASSAY_RANDOM, ACCUMULATOR, MR, NULL, COLUMNS, UNIT, tile,
                  TILE_MEMBERS, .row_range = row_range, .row_quantize = row_quantize, .quantize_rows = quantize_rows);
