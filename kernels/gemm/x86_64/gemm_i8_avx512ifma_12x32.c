/* int8, AVX-512 VNNI and IFMA: 12 rows by 2 vectors of 16 columns, 4 inputs a step, as gemm_i8_avx512vnni_12x32: bound
 * by 24 vpdpbusd in 24 cycles. Beside its steps a tile takes 66 cycles where the rescale is a float multiply-add and an
 * activation makes all negative results the zero point, by products of 52 bits 113 or, with results of both signs, 173,
 * nearly all of them for rescaling and storing 24 vectors. */
enum { MR = 12 };
#include "kernels/gemm/x86_64/ifma_tile.h"

ASSAY_IGEMM_KERNEL(i8_avx512ifma_12x32, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, .solved_rescale = true,
                   .even_tiles = true, .weave = weave, .input_offset = INPUT_OFFSET,
                   .cost = {.row = 2.09, .step = 5, .store = 6.7, .tile = 75});
