/* int8 3x3, AVX-512 VNNI and IFMA, of layers of 16 channels: dwconv_i8_avx512ifma_4x64 with 4 pixels a vector, 8 at
 * once of 2 rows of the output (1 at stride 2, where two loads are sorted into pixels of even and odd number). */
#define WIDTH 16
#include "kernels/dwconv/x86_64/quad_groups.h"

ASSAY_DWROWS(i8_avx512ifma_16x16, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, 1}, .adjacent = true, .run = run, .pack = pack, .cost = {80, {16.5, 18}, {9, 18}});
