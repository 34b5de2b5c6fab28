/* hybrid, NEON: the ways of neon_integer.h with the float epilogue. */
#define DW_HYBRID
#include "kernels/dwconv/aarch64/neon_integer.h"
#include "kernels/quantize/aarch64/neon_dynamic.h"

ASSAY_DWCONV_KERNEL(hybrid_neon_1x16, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, CR, NULL, run, .row_range = neon_row_range,
                    .row_quantize = neon_row_quantize);
