/* Sparse fp32, bsr1x16, SSE4.1: 24 rows (6 vectors) a tile. A block is an index, 16 broadcasts, 96 loads,
 * multiplications and additions: bound by the instructions. */
#define MODE ASSAY_MODE_FP32
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 16
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(f32_bsr1x16_sse41_24x16, ASSAY_MODE_FP32, ASSAY_BLOCK_1X16, ACCUMULATOR, MR, NULL, COLUMNS, UNIT,
                  tile, TILE_MEMBERS);
