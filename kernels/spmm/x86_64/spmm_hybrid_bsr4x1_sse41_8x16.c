/* Sparse hybrid, bsr4x1, SSE4.1: 8 rows (2 vectors) a tile, two inputs along k a lane, both sides widened to int16.
 * Two blocks side by side are kept where either holds a non-zero. A step is an index, 2 loads of inputs that 4
 * channels share, 4 broadcasts and 8 pmaddwd and paddd: bound by the instructions. */
#define MODE ASSAY_MODE_HYBRID
#define BLOCK_ROWS 4
#define BLOCK_COLUMNS 2
#include "kernels/quantize/x86_64/dynamic_rows.h"
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(hybrid_bsr4x1_sse41_8x16, ASSAY_MODE_HYBRID, ASSAY_BLOCK_4X1, ACCUMULATOR, MR, NULL, COLUMNS, UNIT,
                  tile, TILE_MEMBERS, .row_range = row_range, .row_quantize = row_quantize,
                  .quantize_rows = quantize_rows);
