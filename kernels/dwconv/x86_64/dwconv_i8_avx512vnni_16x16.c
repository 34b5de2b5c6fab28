/* int8 3x3, AVX-512 VNNI, of layers of 16 channels without gaps: dwconv_i8_avx512vnni_2x64 with 4 pixels a vector. */
#define CHANNELS 16
#define ADJACENT true
#include "kernels/dwconv/x86_64/quad_groups.h"

ASSAY_DWROWS(i8_avx512vnni_16x16, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, 1}, .adjacent = true, .run = run, .pack = pack, .cost = {15, {10, 7}, {6, 7}});
