/* int8, NEON: the ways of neon_integer.h with the fixed-point epilogue. */
#define DW_INT8
#include "kernels/dwconv/aarch64/neon_integer.h"

ASSAY_DWCONV_KERNEL(i8_neon_1x16, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, NULL, run);
