/* Sparse fp32, csr, SSE4.1: 24 rows (6 vectors) a tile. A step is an index, a broadcast, 6 loads, multiplications and
 * additions: bound by the instructions. */
#define MODE ASSAY_MODE_FP32
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 1
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(f32_csr_sse41_24x16, ASSAY_MODE_FP32, ASSAY_RANDOM, ACCUMULATOR, MR, NULL, COLUMNS, UNIT, tile,
                  TILE_MEMBERS);
