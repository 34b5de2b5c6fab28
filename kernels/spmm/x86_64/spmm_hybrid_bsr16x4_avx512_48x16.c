/* Sparse hybrid, bsr16x4, AVX-512: 24 rows by 16 channels at once. Both sides are widened to int16. Each of a block's
 * 2 pairs of inputs is 1 load of weights, and for each row a broadcast, a vpmaddwd and a vpaddd: bound by those. */
#define MODE ASSAY_MODE_HYBRID
#include "kernels/quantize/x86_64/dynamic_rows.h"
#include "kernels/spmm/x86_64/channels.h"

ASSAY_SPMM_KERNEL(hybrid_bsr16x4_avx512_48x16, ASSAY_MODE_HYBRID, ASSAY_BLOCK_16X4, ACCUMULATOR, MR, NULL, BLOCK_ROWS,
                  UNIT, tile, CHANNELS_MEMBERS, .row_range = row_range, .row_quantize = row_quantize,
                  .quantize_rows = quantize_rows);
