/* Sparse fp32, bsr4x1, AVX-512: 64 rows (4 vectors) a tile. A step is an index, 4 loads of inputs that 4 channels
 * share, 4 broadcasts and 16 multiply-adds: bound by those. Of the peak on the non-zeros 95 to 99 %. */
#define MODE ASSAY_MODE_FP32
#define BLOCK_ROWS 4
#define BLOCK_COLUMNS 1
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(f32_bsr4x1_avx512_64x16, ASSAY_MODE_FP32, ASSAY_BLOCK_4X1, ACCUMULATOR, MR, NULL, COLUMNS, UNIT, tile,
                  TILE_MEMBERS);
