#include "kernels/core/numerics/hybrid.h"

#define STEM spmm_hybrid_bsr4x1
#define STRUCTURE ASSAY_BLOCK_4X1
#define BLOCK_ROWS 4
#define BLOCK_COLUMNS 1
#include "kernels/spmm/reference/spmm.inc"
