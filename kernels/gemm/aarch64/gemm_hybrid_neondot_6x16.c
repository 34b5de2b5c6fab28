/* hybrid by sdot: the tile of neon_dot.h with the float epilogue. */
#define TILE_HYBRID
#include "kernels/gemm/aarch64/neon_dot.h"
#include "kernels/quantize/aarch64/neon_dynamic.h"

ASSAY_IGEMM_KERNEL(hybrid_neondot_6x16, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, KR, tile,
                   .row_range = neon_row_range, .row_quantize = neon_row_quantize);
