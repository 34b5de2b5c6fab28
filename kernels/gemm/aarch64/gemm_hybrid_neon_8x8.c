/* hybrid by smull, smlal and sadalp: the tile of neon_mull.h with the float epilogue. */
#define TILE_HYBRID
#include "kernels/gemm/aarch64/neon_mull.h"
#include "kernels/quantize/aarch64/neon_dynamic.h"

ASSAY_IGEMM_KERNEL(hybrid_neon_8x8, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, KR, tile,
                   .row_range = neon_row_range, .row_quantize = neon_row_quantize);
