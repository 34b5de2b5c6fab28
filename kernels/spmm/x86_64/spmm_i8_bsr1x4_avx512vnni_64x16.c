/* Sparse int8, bsr1x4, AVX-512 VNNI: 64 rows (4 vectors) a tile, four inputs along k a lane. A step is an index, a
 * broadcast and 4 vpdpbusd whose inputs are memory operands: bound by the loads. Of the peak on the non-zeros 54 %
 * (196x512x512, 50 % zeros, rescaling included). */
#define MODE ASSAY_MODE_INT8
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 4
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(i8_bsr1x4_avx512vnni_64x16, ASSAY_MODE_INT8, ASSAY_BLOCK_1X4, ACCUMULATOR, MR, NULL, COLUMNS, UNIT,
                  tile, TILE_MEMBERS);
