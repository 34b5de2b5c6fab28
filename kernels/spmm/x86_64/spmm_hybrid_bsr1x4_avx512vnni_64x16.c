/* Sparse hybrid, bsr1x4, AVX-512 VNNI: 64 rows (4 vectors) a tile, four inputs along k a lane. A step is an index, a
 * broadcast and 4 vpdpbusd whose inputs are memory operands: bound by the loads. */
#define MODE ASSAY_MODE_HYBRID
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 4
#include "kernels/quantize/x86_64/dynamic_rows.h"
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(hybrid_bsr1x4_avx512vnni_64x16, ASSAY_MODE_HYBRID, ASSAY_BLOCK_1X4, ACCUMULATOR, MR, NULL, COLUMNS,
                  UNIT, tile, TILE_MEMBERS, .row_range = row_range, .row_quantize = row_quantize,
                  .quantize_rows = quantize_rows);
