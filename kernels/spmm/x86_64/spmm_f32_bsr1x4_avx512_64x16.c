/* Sparse fp32, bsr1x4, AVX-512: 64 rows (4 vectors) a tile. A block is an index, 4 broadcasts and 16 multiply-adds
 * whose inputs are memory operands: bound by the loads. Of the peak on the non-zeros 69 % (196x512x512, 50 % zeros,
 * all included). */
#define MODE ASSAY_MODE_FP32
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 4
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(f32_bsr1x4_avx512_64x16, ASSAY_MODE_FP32, ASSAY_BLOCK_1X4, ACCUMULATOR, MR, NULL, COLUMNS, UNIT, tile,
                  TILE_MEMBERS);
