/* fp32, AVX-512 VL: 6 rows by 4 vectors of 8 columns, in 256 bits, for numbers of columns of which vectors of 16 would
 * throw much away.
 * 24 accumulators, 4 vectors of weights and a broadcast input take 29 of the 32 registers that VL gives. A step of k is
 * 24 multiply-adds, 4 loads and 6 broadcasts: bound by the two FMA ports, 12 cycles for 192 multiply-accumulates. */
#define OUTPUT float
#define WEIGHT float
#define ASSAY_SIMD_256
enum { MR = 6, VECTORS = 4, FEWEST = 1 };
#include "kernels/gemm/x86_64/float_tile.h"

ASSAY_IGEMM_KERNEL(f32_avx512_6x32, ASSAY_MODE_FP32, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .cheap_taps = true,
                   .cost = {.row = 2.02, .step = 4.2, .store = 3.5, .tile = 12, .cut = 8});
