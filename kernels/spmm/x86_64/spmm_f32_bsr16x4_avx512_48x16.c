/* Sparse fp32, bsr16x4, AVX-512: 24 rows by 16 channels at once. Each of a block's 4 inputs is a load of weights,
 * and for each row a multiply-add whose input is broadcast from memory: bound by those. Of the peak on the non-zeros
 * 97 % (196x512x512, 50 % zeros). */
#define MODE ASSAY_MODE_FP32
#include "kernels/spmm/x86_64/channels.h"

ASSAY_SPMM_KERNEL(f32_bsr16x4_avx512_48x16, ASSAY_MODE_FP32, ASSAY_BLOCK_16X4, ACCUMULATOR, MR, NULL, BLOCK_ROWS, UNIT,
                  tile, CHANNELS_MEMBERS);
