/* int8, sparse in blocks of 1x4, by sdot: the walk of neon_walk.h. */
#define SP_SINGLES
#include "kernels/spmm/aarch64/neon_dot.h"
#include "kernels/spmm/aarch64/neon_walk.h"

ASSAY_SPMM_KERNEL(i8_bsr1x4_neondot_32x1, ASSAY_MODE_INT8, ASSAY_BLOCK_1X4, ASSAY_ACC_I32, MR, NULL, OUTPUTS, 4, tile,
                  .input_size = 1, .transpose = neon_transpose_i8_fours);
