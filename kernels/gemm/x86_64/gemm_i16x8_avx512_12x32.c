/* int16x8, AVX-512 without VNNI: the tile of gemm_i8_avx512_12x32, over inputs that are int16 already. */
enum { MR = 12 };
#include "kernels/gemm/x86_64/i16_tile.h"

ASSAY_IGEMM_KERNEL(i16x8_avx512_12x32, ASSAY_MODE_INT16X8, ASSAY_ACC_I64, MR, NR, NULL, 2, tile, .rescale64 = true,
                   .solved_rescale = true, .element = ASSAY_PACK_I8_AS_I16,
                   .cost = {.row = 3.0, .step = 4.2, .store = 13, .tile = 30});
