#include "kernels/core/numerics/f32.h"

#define STEM spmm_f32_bsr1x16
#define STRUCTURE ASSAY_BLOCK_1X16
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 16
#include "kernels/spmm/reference/spmm.inc"
