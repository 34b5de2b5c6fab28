/* int8, sparse in single weights, by smlal: the walk of neon_walk.h. */
#define SP_SINGLES
#include "kernels/spmm/aarch64/neon_i16.h"
#include "kernels/spmm/aarch64/neon_walk.h"

ASSAY_SPMM_KERNEL(i8_csr_neon_32x1, ASSAY_MODE_INT8, ASSAY_RANDOM, ASSAY_ACC_I32, MR, NULL, OUTPUTS, 1, tile,
                  .input_size = sizeof(int16_t), .transpose = neon_transpose_i8_wide, .element = ASSAY_PACK_I8_AS_I16);
