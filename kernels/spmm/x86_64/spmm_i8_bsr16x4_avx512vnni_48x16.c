/* Sparse int8, bsr16x4, AVX-512 VNNI: 24 rows by 16 channels at once. A block is a load of weights, and for each row
 * a broadcast of 4 inputs and a vpdpbusd: bound by those. Of the peak on the non-zeros 86 % (49x1024x1024, 50 %
 * zeros, rescaling included). */
#define MODE ASSAY_MODE_INT8
#include "kernels/spmm/x86_64/channels.h"

ASSAY_SPMM_KERNEL(i8_bsr16x4_avx512vnni_48x16, ASSAY_MODE_INT8, ASSAY_BLOCK_16X4, ACCUMULATOR, MR, NULL, BLOCK_ROWS,
                  UNIT, tile, CHANNELS_MEMBERS);
