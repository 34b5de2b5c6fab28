/* hybrid, sparse in blocks 1 x 4, RVV: LMUL 8 of int32 sums along the rows of the input, one output channel at a time,
 * any vector length. A block is a load of its offset and 4 instructions a weight (load, address, vector load,
 * multiply-accumulate), for 8 registers of multiply-accumulates. Bound by vector loads: one for each
 * multiply-accumulate. */
#define SIGNATURE hybrid_bsr1x4_rvv_8vx1
#define STRUCTURE ASSAY_BLOCK_1X4
#define RVV_COLUMNS 4
#define LMUL m8
#define LMUL_HALF m4
#define LMUL_QUARTER m2
#include "kernels/spmm/riscv64/spmm_hybrid_rvv.inc"
