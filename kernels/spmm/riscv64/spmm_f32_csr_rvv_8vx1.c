/* fp32, sparse in single weights, RVV: LMUL 8 along the rows of the input, one output channel at a time, any vector
 * length. A weight is 5 instructions and a quarter of 4, for 8 registers of multiply-accumulates. Bound by vector
 * loads: one for each multiply-accumulate. */
#define SIGNATURE f32_csr_rvv_8vx1
#define STRUCTURE ASSAY_RANDOM
#define RVV_COLUMNS 1
#define LMUL m8
#include "kernels/spmm/riscv64/spmm_f32_rvv.inc"
