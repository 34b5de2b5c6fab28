/* Sparse int8, bsr1x4, AVX-VNNI: 48 rows (6 vectors) a tile, four inputs along k a lane. A block is an index, a
 * broadcast and 6 vpdpbusd whose inputs are memory operands: bound by the loads. */
#define MODE ASSAY_MODE_INT8
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 4
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(i8_bsr1x4_avxvnni_48x16, ASSAY_MODE_INT8, ASSAY_BLOCK_1X4, ACCUMULATOR, MR, NULL, COLUMNS, UNIT, tile,
                  TILE_MEMBERS);
