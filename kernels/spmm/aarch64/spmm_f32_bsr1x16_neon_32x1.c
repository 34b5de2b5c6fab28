/* fp32, sparse in blocks of 1x16, by fmla: the walk of neon_walk.h. */
#define SP_QUADS 4
#include "kernels/spmm/aarch64/neon_f32.h"
#include "kernels/spmm/aarch64/neon_walk.h"

ASSAY_SPMM_KERNEL(f32_bsr1x16_neon_32x1, ASSAY_MODE_FP32, ASSAY_BLOCK_1X16, ASSAY_ACC_F32, MR, NULL, OUTPUTS, 16, tile,
                  .input_size = sizeof(float), .transpose = neon_transpose_f32);
