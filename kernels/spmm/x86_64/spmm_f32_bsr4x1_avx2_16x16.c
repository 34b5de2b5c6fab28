/* Sparse fp32, bsr4x1, AVX2 and FMA: 16 rows (2 vectors) a tile. A step is an index, 2 loads of inputs that 4
 * channels share, 4 broadcasts and 8 multiply-adds: bound by those. */
#define MODE ASSAY_MODE_FP32
#define BLOCK_ROWS 4
#define BLOCK_COLUMNS 1
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(f32_bsr4x1_avx2_16x16, ASSAY_MODE_FP32, ASSAY_BLOCK_4X1, ACCUMULATOR, MR, NULL, COLUMNS, UNIT, tile,
                  TILE_MEMBERS);
