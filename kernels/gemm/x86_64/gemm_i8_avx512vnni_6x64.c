/* int8, AVX-512 VNNI: 6 rows by 4 vectors of 16 columns: as many sums as 12x32 has, in half the calls where rows are
 * few. A step is 24 vpdpbusd, 6 loads that broadcast and flip the sign, and 4 loads of weights: bound by vpdpbusd, 24
 * cycles for 1536 multiply-accumulates. Beside its steps a tile takes 111 cycles where sums are small enough for a
 * float multiply-add, else 175: 93 % of the bound with 256 inputs, 78 % with 64. One row is bound by the loads of
 * weights, 30 bytes a cycle from the second-level cache. */
enum { MR = 6 };
#define TILE_VECTORS 4
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/i8_tile.h"

ASSAY_IGEMM_KERNEL(i8_avx512vnni_6x64, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, .element = ELEMENT,
                   .solved_rescale = true, .without52 = true, .even_tiles = true, .input_offset = INPUT_OFFSET,
                   .cost = {.row = 4.14, .step = 8.9, .store = 33.4, .tile = 13});
