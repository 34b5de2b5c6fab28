/* fp32, sparse in single weights, by fmla: the walk of neon_walk.h. */
#define SP_SINGLES
#include "kernels/spmm/aarch64/neon_f32.h"
#include "kernels/spmm/aarch64/neon_walk.h"

ASSAY_SPMM_KERNEL(f32_csr_neon_32x1, ASSAY_MODE_FP32, ASSAY_RANDOM, ASSAY_ACC_F32, MR, NULL, OUTPUTS, 1, tile,
                  .input_size = sizeof(float), .transpose = neon_transpose_f32);
