/* Sparse hybrid, bsr4x1, AVX-512 without VNNI: 64 rows (4 vectors) a tile, two inputs along k a lane, both sides
 * widened to int16. Two blocks side by side are kept where either holds a non-zero. A step is an index, 4 loads of
 * inputs that 4 channels share, 4 broadcasts and 16 vpmaddwd and vpaddd: bound by those. */
#define MODE ASSAY_MODE_HYBRID
#define BLOCK_ROWS 4
#define BLOCK_COLUMNS 2
#include "kernels/quantize/x86_64/dynamic_rows.h"
#include "kernels/spmm/x86_64/tile.h"

ASSAY_SPMM_KERNEL(hybrid_bsr4x1_avx512_64x16, ASSAY_MODE_HYBRID, ASSAY_BLOCK_4X1, ACCUMULATOR, MR, NULL, COLUMNS, UNIT,
                  tile, TILE_MEMBERS, .row_range = row_range, .row_quantize = row_quantize,
                  .quantize_rows = quantize_rows);
