/* Sparse fp32, bsr1x16, AVX-512: 64 rows (4 vectors) a tile. A block is an index, 16 broadcasts and 64 multiply-adds
 * whose inputs are memory operands: bound by the loads. Of the peak on the non-zeros 68 % (196x512x512, 50 % zeros,
 * all included). */
#define MODE ASSAY_MODE_FP32
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 16
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(f32_bsr1x16_avx512_64x16, ASSAY_MODE_FP32, ASSAY_BLOCK_1X16, ACCUMULATOR, MR, NULL, COLUMNS, UNIT,
                  tile, TILE_MEMBERS);
