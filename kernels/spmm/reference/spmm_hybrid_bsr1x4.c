#include "kernels/core/numerics/hybrid.h"

#define STEM spmm_hybrid_bsr1x4
#define STRUCTURE ASSAY_BLOCK_1X4
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 4
#include "kernels/spmm/reference/spmm.inc"
