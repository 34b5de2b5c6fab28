/* fp16w, AVX-512 VL: one row, 16 vectors of 8 columns, in 256 bits (see gemm_f16w_avx512_6x32). A step of k is 16
 * conversions from memory, 16 multiply-adds and a broadcast, 9 cycles for 256 bytes of weights: 28 bytes a cycle, of
 * the 32 that come from the second-level cache and the 27 from the third. */
#define OUTPUT float
#define WEIGHT assay_f16
#define ASSAY_SIMD_256
enum { VECTORS = 16, GRAIN = 2 };
#include "kernels/gemm/x86_64/float_row.h"

ASSAY_IGEMM_KERNEL(f16w_avx512_1x128, ASSAY_MODE_FP16W, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .grain = GRAIN * LANES,
                   .cheap_taps = true, .cost = {.row = 9, .step = 9, .store = 16, .tile = 10, .cut = GRAIN * LANES});
