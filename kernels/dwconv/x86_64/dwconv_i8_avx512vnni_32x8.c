/* int8 3x3, AVX-512 VNNI, of layers of 8 channels without gaps: dwconv_i8_avx512vnni_2x64 with 8 pixels a vector. A
 * pixel is half of 128 bits: 8 of the 16 moves by a pixel are a choice of quarters. */
#define CHANNELS 8
#define ADJACENT true
#include "kernels/dwconv/x86_64/quad_groups.h"

ASSAY_DWROWS(i8_avx512vnni_32x8, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, 1}, .adjacent = true, .run = run, .pack = pack, .cost = {8, {5, 4}, {3, 4}});
