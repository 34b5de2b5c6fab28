/* Sparse int8, bsr4x1, AVX-VNNI: 16 rows (2 vectors) a tile, four inputs along k a lane. Four blocks side by side are
 * kept where any holds a non-zero, as one of 4x4. A step is an index, 2 loads of inputs that 4 channels share, 4
 * broadcasts and 8 vpdpbusd: bound by those. */
#define MODE ASSAY_MODE_INT8
#define BLOCK_ROWS 4
#define BLOCK_COLUMNS 4
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(i8_bsr4x1_avxvnni_16x16, ASSAY_MODE_INT8, ASSAY_BLOCK_4X1, ACCUMULATOR, MR, NULL, COLUMNS, UNIT, tile,
                  TILE_MEMBERS);
