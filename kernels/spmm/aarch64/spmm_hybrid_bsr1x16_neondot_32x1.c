/* hybrid, sparse in blocks of 1x16, by sdot: the walk of neon_walk.h. */
#define SP_HYBRID
#define SP_QUADS 1
#include "kernels/quantize/aarch64/neon_dynamic.h"
#include "kernels/spmm/aarch64/neon_dot.h"
#include "kernels/spmm/aarch64/neon_walk.h"

ASSAY_SPMM_KERNEL(hybrid_bsr1x16_neondot_32x1, ASSAY_MODE_HYBRID, ASSAY_BLOCK_1X16, ASSAY_ACC_I32, MR, NULL, OUTPUTS,
                  16, tile, .input_size = 1, .transpose = neon_transpose_i8_fours, .row_range = neon_row_range,
                  .row_quantize = neon_row_quantize);
