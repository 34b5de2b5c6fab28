/* int16x8, AVX-512 VNNI: 6 rows by 4 vectors of 16 columns, 2 inputs a step: as many sums as 12x32 has, of which each
 * call stores two whole lines of memory a row. A step is 24 vpdpwssd, 6 broadcasts and 4 loads: bound by the
 * multiplying port. Beside its steps a call takes 73 cycles, 86 with an activation: 95 % of the bound with 128 inputs,
 * 91 % with 64. */
enum { MR = 6 };
#define TILE_VECTORS 4
#include "kernels/gemm/x86_64/i16_tile.h"

ASSAY_IGEMM_KERNEL(i16x8_avx512vnni_6x64, ASSAY_MODE_INT16X8, ASSAY_ACC_I64, MR, NR, NULL, 2, tile, .rescale64 = true,
                   .solved_rescale = true, .element = ASSAY_PACK_I8_AS_I16, .even_tiles = true,
                   .cost = {.row = 4.03, .step = 8.4, .store = 13, .tile = 20});
