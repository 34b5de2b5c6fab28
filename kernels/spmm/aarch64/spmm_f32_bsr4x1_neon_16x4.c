/* fp32, sparse in blocks of 4x1, by fmla: the walk of neon_walk.h. */
#define SP_COLUMNS
#include "kernels/spmm/aarch64/neon_f32.h"
#include "kernels/spmm/aarch64/neon_walk.h"

ASSAY_SPMM_KERNEL(f32_bsr4x1_neon_16x4, ASSAY_MODE_FP32, ASSAY_BLOCK_4X1, ASSAY_ACC_F32, MR, NULL, OUTPUTS, 1, tile,
                  .input_size = sizeof(float), .transpose = neon_transpose_f32);
