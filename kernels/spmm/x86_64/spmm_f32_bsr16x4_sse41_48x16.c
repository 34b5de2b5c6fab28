/* Sparse fp32, bsr16x4, SSE4.1: 2 rows by 16 channels at once. Each of a block's 4 inputs is 4 loads of weights, and
 * for each row a broadcast, 4 multiplications and 4 additions: bound by the instructions. */
#define MODE ASSAY_MODE_FP32
#include "kernels/spmm/x86_64/channels.h"

ASSAY_SPMM_KERNEL(f32_bsr16x4_sse41_48x16, ASSAY_MODE_FP32, ASSAY_BLOCK_16X4, ACCUMULATOR, MR, NULL, BLOCK_ROWS, UNIT,
                  tile, CHANNELS_MEMBERS);
