/* int16x8, AVX-VNNI: the registers of gemm_i16x8_avx2_6x16; vpdpwssd is a product and its addition in one: 12 of them a
 * step for 192 multiply-accumulates. No core has told its cost: that of AVX2, with half the arithmetic. */
enum { MR = 6 };
#include "kernels/gemm/x86_64/i16_tile.h"

ASSAY_IGEMM_KERNEL(i16x8_avxvnni_6x16, ASSAY_MODE_INT16X8, ASSAY_ACC_I64, MR, NR, NULL, 2, tile, .rescale64 = true,
                   .solved_rescale = true, .element = ASSAY_PACK_I8_AS_I16,
                   .cost = {.row = 1.0, .step = 2.1, .store = 6, .tile = 12});
