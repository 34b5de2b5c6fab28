/* int16x8, SSE4.1: the tile of gemm_i8_sse41_6x8, over inputs that are int16 already. */
enum { MR = 6 };
#include "kernels/gemm/x86_64/i16_tile.h"

ASSAY_IGEMM_KERNEL(i16x8_sse41_6x8, ASSAY_MODE_INT16X8, ASSAY_ACC_I64, MR, NR, NULL, 2, tile, .rescale64 = true,
                   .element = ASSAY_PACK_I8_AS_I16);
