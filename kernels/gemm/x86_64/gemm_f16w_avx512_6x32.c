/* fp16w, AVX-512 VL: 6 rows by 4 vectors of 8 columns, in 256 bits.
 * A vcvtph2ps of 256 bits from memory takes none of the FMA ports' time; one of 512 bits takes more than a multiply-add
 * does. 24 accumulators, 4 vectors of weights and a broadcast input take 29 of the 32 registers that VL gives. A step
 * of k is 24 multiply-adds, 4 conversions and 6 broadcasts: bound by the two FMA ports, 12 cycles for 192
 * multiply-accumulates. One row is bound by its 5 loads, 2.5 cycles for 64 bytes of weights. */
#define OUTPUT float
#define WEIGHT assay_f16
#define ASSAY_SIMD_256
enum { MR = 6, VECTORS = 4, FEWEST = 1 };
#include "kernels/gemm/x86_64/float_tile.h"

ASSAY_IGEMM_KERNEL(f16w_avx512_6x32, ASSAY_MODE_FP16W, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .cheap_taps = true,
                   .cost = {.row = 2.02, .step = 2.9, .store = 3.5, .tile = 12, .cut = 8});
