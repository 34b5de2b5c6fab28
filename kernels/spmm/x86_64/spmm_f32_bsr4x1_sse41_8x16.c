/* Sparse fp32, bsr4x1, SSE4.1: 8 rows (2 vectors) a tile. A step is an index, 2 loads of inputs that 4 channels
 * share, 4 broadcasts, 8 multiplications and 8 additions: bound by the instructions. */
#define MODE ASSAY_MODE_FP32
#define BLOCK_ROWS 4
#define BLOCK_COLUMNS 1
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(f32_bsr4x1_sse41_8x16, ASSAY_MODE_FP32, ASSAY_BLOCK_4X1, ACCUMULATOR, MR, NULL, COLUMNS, UNIT, tile,
                  TILE_MEMBERS);
