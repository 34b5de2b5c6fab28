#include "kernels/core/numerics/hybrid.h"

#define STEM spmm_hybrid_csr
#define STRUCTURE ASSAY_RANDOM
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 1
#include "kernels/spmm/reference/spmm.inc"
