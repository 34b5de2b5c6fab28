/* fp16 summed in f32, SSE4.1: the tile of gemm_f16w_sse41_6x8 over inputs that the driver widens. */
#define OUTPUT assay_f16
#define WEIGHT assay_f16
enum { MR = 6, VECTORS = 2, FEWEST = 1 };
#include "kernels/gemm/x86_64/float_tile.h"
#include "kernels/gemm/x86_64/widen.h"

ASSAY_IGEMM_KERNEL(f16af32_sse41_6x8, ASSAY_MODE_FP16, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .cheap_taps = true,
                   .rewrite = widen);
