/* int16x8, AVX-512 VNNI: 12 rows by 2 vectors of 16 columns, 2 inputs a step. The registers of
 * gemm_i8_avx512vnni_12x32; a step is 24 vpdpwssd for 768 multiply-accumulates, and 12 broadcasts: bound by the
 * multiplying port. Beside its steps a call takes 80 cycles, 92 with an activation: 98 % of the bound with 256 inputs,
 * 91 % with 64. */
enum { MR = 12 };
#include "kernels/gemm/x86_64/i16_tile.h"

ASSAY_IGEMM_KERNEL(i16x8_avx512vnni_12x32, ASSAY_MODE_INT16X8, ASSAY_ACC_I64, MR, NR, NULL, 2, tile, .rescale64 = true,
                   .solved_rescale = true, .even_tiles = true, .element = ASSAY_PACK_I8_AS_I16,
                   .cost = {.row = 2.02, .step = 4.2, .store = 7, .tile = 25});
