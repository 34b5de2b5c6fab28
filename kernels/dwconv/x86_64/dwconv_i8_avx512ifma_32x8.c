/* int8 3x3, AVX-512 VNNI and IFMA, of layers of 8 channels: dwconv_i8_avx512ifma_4x64 with 8 pixels a vector, 16 at
 * once of 2 rows of the output (1 at stride 2, where two loads are sorted into pixels of even and odd number). A pixel
 * is half of 128 bits: 8 of the 16 moves by a pixel are a choice of quarters. */
#define WIDTH 8
#include "kernels/dwconv/x86_64/quad_groups.h"

ASSAY_DWROWS(i8_avx512ifma_32x8, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, 1}, .adjacent = true, .run = run, .pack = pack, .cost = {80, {8.5, 10}, {5, 10}});
