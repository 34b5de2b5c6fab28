/* Sparse fp32, csr, AVX-512: 64 rows (4 vectors) a tile. A step is an index, a broadcast and 4 multiply-adds whose
 * inputs are memory operands: bound by the loads. Of the peak on the non-zeros 72 % at 50 %, 68 % at 80 % zeros. */
#define MODE ASSAY_MODE_FP32
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 1
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(f32_csr_avx512_64x16, ASSAY_MODE_FP32, ASSAY_RANDOM, ACCUMULATOR, MR, NULL, COLUMNS, UNIT, tile,
                  TILE_MEMBERS);
