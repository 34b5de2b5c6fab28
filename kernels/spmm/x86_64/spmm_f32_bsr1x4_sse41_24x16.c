/* Sparse fp32, bsr1x4, SSE4.1: 24 rows (6 vectors) a tile. A block is an index, 4 broadcasts, 24 loads,
 * multiplications and additions: bound by the instructions. */
#define MODE ASSAY_MODE_FP32
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 4
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(f32_bsr1x4_sse41_24x16, ASSAY_MODE_FP32, ASSAY_BLOCK_1X4, ACCUMULATOR, MR, NULL, COLUMNS, UNIT, tile,
                  TILE_MEMBERS);
