/* fp16w, SSE4.1: 6 rows by 2 vectors of 4 columns, with 2 conversions a step of k, a dozen integer operations each. */
#define OUTPUT float
#define WEIGHT assay_f16
enum { MR = 6, VECTORS = 2, FEWEST = 1 };
#include "kernels/gemm/x86_64/float_tile.h"

ASSAY_IGEMM_KERNEL(f16w_sse41_6x8, ASSAY_MODE_FP16W, ASSAY_ACC_F32, MR, NR, NULL, 1, tile, .cheap_taps = true);
