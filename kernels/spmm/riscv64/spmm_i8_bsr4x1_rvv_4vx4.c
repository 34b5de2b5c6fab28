/* int8, sparse in blocks 4 x 1, RVV: LMUL 4 of int32 sums along the rows of the input, four output channels at a time,
 * any vector length. A block is 11 instructions, and the pointers, for 16 registers of multiply-accumulates: its one
 * vector load serves four channels. Bound by vector arithmetic. */
#define SIGNATURE i8_bsr4x1_rvv_4vx4
#define STRUCTURE ASSAY_BLOCK_4X1
#define RVV_COLUMNS 0
#define LMUL m4
#define LMUL_HALF m2
#define LMUL_QUARTER m1
#include "kernels/spmm/riscv64/spmm_i8_rvv.inc"
