/* hybrid, sparse in blocks of 4x1, by smlal: the walk of neon_walk.h. */
#define SP_HYBRID
#define SP_COLUMNS
#include "kernels/quantize/aarch64/neon_dynamic.h"
#include "kernels/spmm/aarch64/neon_i16.h"
#include "kernels/spmm/aarch64/neon_walk.h"

ASSAY_SPMM_KERNEL(hybrid_bsr4x1_neon_16x4, ASSAY_MODE_HYBRID, ASSAY_BLOCK_4X1, ASSAY_ACC_I32, MR, NULL, OUTPUTS, 1,
                  tile, .input_size = sizeof(int16_t), .transpose = neon_transpose_i8_wide,
                  .element = ASSAY_PACK_I8_AS_I16, .row_range = neon_row_range, .row_quantize = neon_row_quantize);
