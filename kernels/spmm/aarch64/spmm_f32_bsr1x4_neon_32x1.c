/* fp32, sparse in blocks of 1x4, by fmla: the walk of neon_walk.h. */
#define SP_QUADS 1
#include "kernels/spmm/aarch64/neon_f32.h"
#include "kernels/spmm/aarch64/neon_walk.h"

ASSAY_SPMM_KERNEL(f32_bsr1x4_neon_32x1, ASSAY_MODE_FP32, ASSAY_BLOCK_1X4, ASSAY_ACC_F32, MR, NULL, OUTPUTS, 4, tile,
                  .input_size = sizeof(float), .transpose = neon_transpose_f32);
