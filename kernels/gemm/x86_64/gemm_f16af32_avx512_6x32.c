/* fp16 summed in f32, AVX-512 VL: the tile of gemm_f16w_avx512_6x32 over inputs that the driver widens. */
#define OUTPUT assay_f16
#define WEIGHT assay_f16
#define ASSAY_SIMD_256
enum { MR = 6, VECTORS = 4, FEWEST = 1 };
#include "kernels/gemm/x86_64/float_tile.h"
#include "kernels/gemm/x86_64/widen.h"

ASSAY_IGEMM_KERNEL(f16af32_avx512_6x32, ASSAY_MODE_FP16, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .cheap_taps = true,
                   .rewrite = widen, .cost = {.row = 2.02, .step = 2.9, .store = 4.5, .tile = 12, .cut = 8});
