/* int8, AVX-512 VNNI and IFMA: 6 rows by 4 vectors of 16 columns, as gemm_i8_avx512vnni_6x64: bound by 24 vpdpbusd in
 * 24 cycles. Beside its steps a tile takes 42 to 47 cycles where the rescale is a float multiply-add and an activation
 * makes all negative results the zero point, by products of 52 bits 90 or, with results of both signs, 156. 97 % of the
 * bound with 256 inputs, 90 % with 64. One row is bound by the loads of weights, and what the rescale reads of a
 * column, 24 bytes, is as much as 24 inputs: there VNNI alone is faster. */
enum { MR = 6 };
#define TILE_VECTORS 4
#define FETCH_AHEAD
#include "kernels/gemm/x86_64/ifma_tile.h"

ASSAY_IGEMM_KERNEL(i8_avx512ifma_6x64, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, .solved_rescale = true,
                   .even_tiles = true, .weave = weave, .fetches_weights = true, .input_offset = INPUT_OFFSET,
                   .cost = {.row = 4.13, .step = 8.8, .store = 8, .tile = 78});
