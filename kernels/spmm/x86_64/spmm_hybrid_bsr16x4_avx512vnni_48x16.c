/* Sparse hybrid, bsr16x4, AVX-512 VNNI: 24 rows by 16 channels at once. A block is a load of weights, and for each
 * row a broadcast of 4 inputs and a vpdpbusd: bound by those. */
#define MODE ASSAY_MODE_HYBRID
#include "kernels/quantize/x86_64/dynamic_rows.h"
#include "kernels/spmm/x86_64/channels.h"

ASSAY_SPMM_KERNEL(hybrid_bsr16x4_avx512vnni_48x16, ASSAY_MODE_HYBRID, ASSAY_BLOCK_16X4, ACCUMULATOR, MR, NULL,
                  BLOCK_ROWS, UNIT, tile, CHANNELS_MEMBERS, .row_range = row_range, .row_quantize = row_quantize,
                  .quantize_rows = quantize_rows);
