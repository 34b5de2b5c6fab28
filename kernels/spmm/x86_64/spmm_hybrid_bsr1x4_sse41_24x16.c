/* Sparse hybrid, bsr1x4, SSE4.1: 24 rows (6 vectors) a tile, two inputs along k a lane, both sides widened to int16.
 * A block is an index, 2 broadcasts and 12 loads, pmaddwd and paddd: bound by the instructions. */
#define MODE ASSAY_MODE_HYBRID
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 4
#include "kernels/quantize/x86_64/dynamic_rows.h"
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(hybrid_bsr1x4_sse41_24x16, ASSAY_MODE_HYBRID, ASSAY_BLOCK_1X4, ACCUMULATOR, MR, NULL, COLUMNS, UNIT,
                  tile, TILE_MEMBERS, .row_range = row_range, .row_quantize = row_quantize,
                  .quantize_rows = quantize_rows);
