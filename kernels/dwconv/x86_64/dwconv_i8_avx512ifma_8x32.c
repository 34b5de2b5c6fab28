/* int8 3x3, AVX-512 VNNI and IFMA, of layers of 32 channels: dwconv_i8_avx512ifma_4x64 with 2 pixels a vector, 4 at
 * once of 2 rows of the output (1 at stride 2, where two loads are sorted into pixels of even and odd number). Beside
 * its operations 16 that move a group by a pixel: 132 cycles for 256 outputs. */
#define WIDTH 32
#include "kernels/dwconv/x86_64/quad_groups.h"

ASSAY_DWROWS(i8_avx512ifma_8x32, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, 1}, .adjacent = true, .run = run, .pack = pack, .cost = {80, {31, 25}, {17, 25}});
