/* int16x8, AVX2: the tile of gemm_i8_avx2_6x16, over inputs that are int16 already. */
enum { MR = 6 };
#include "kernels/gemm/x86_64/i16_tile.h"

ASSAY_IGEMM_KERNEL(i16x8_avx2_6x16, ASSAY_MODE_INT16X8, ASSAY_ACC_I64, MR, NR, NULL, 2, tile, .rescale64 = true,
                   .solved_rescale = true, .element = ASSAY_PACK_I8_AS_I16,
                   .cost = {.row = 1.8, .step = 2.1, .store = 6, .tile = 12});
