/* fp32, AVX-512: 12 rows by 2 vectors of 16 columns.
 * 24 accumulators, 2 vectors of weights and a broadcast input take 27 of the 32 registers; 12 row pointers fit the
 * general ones, which 14 rows would not. A step of k is 24 multiply-adds, 2 loads and 12 broadcasts: bound by the FMA
 * ports, 24 cycles where there is one multiply-add of 512 bits a cycle, for 384 multiply-accumulates. */
#define OUTPUT float
#define WEIGHT float
enum { MR = 12, VECTORS = 2, FEWEST = 2 };
#include "kernels/gemm/x86_64/float_tile.h"

ASSAY_IGEMM_KERNEL(f32_avx512_12x32, ASSAY_MODE_FP32, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .cheap_taps = true,
                   .cost = {.row = 2.0, .step = 4.2, .store = 5, .tile = 20});
