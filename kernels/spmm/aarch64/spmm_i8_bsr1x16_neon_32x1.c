/* int8, sparse in blocks of 1x16, by smlal: the walk of neon_walk.h. */
#define SP_QUADS 4
#include "kernels/spmm/aarch64/neon_i16.h"
#include "kernels/spmm/aarch64/neon_walk.h"

ASSAY_SPMM_KERNEL(i8_bsr1x16_neon_32x1, ASSAY_MODE_INT8, ASSAY_BLOCK_1X16, ASSAY_ACC_I32, MR, NULL, OUTPUTS, 16, tile,
                  .input_size = sizeof(int16_t), .transpose = neon_transpose_i8_wide, .element = ASSAY_PACK_I8_AS_I16);
