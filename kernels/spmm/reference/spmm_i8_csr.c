#include "kernels/core/numerics/i8.h"

#define STEM spmm_i8_csr
#define STRUCTURE ASSAY_RANDOM
#define BLOCK_ROWS 1
#define BLOCK_COLUMNS 1
#include "kernels/spmm/reference/spmm.inc"
