#include "kernels/core/numerics/i8.h"

#define STEM spmm_i8_bsr16x4
#define STRUCTURE ASSAY_BLOCK_16X4
#define BLOCK_ROWS 16
#define BLOCK_COLUMNS 4
#include "kernels/spmm/reference/spmm.inc"
