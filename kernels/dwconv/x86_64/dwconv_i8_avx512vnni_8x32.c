/* int8 3x3, AVX-512 VNNI, of layers of 32 channels without gaps: dwconv_i8_avx512vnni_2x64 with 2 pixels a vector,
 * which are loaded and stored together. Beside its operations 16 that move a group by a pixel: 89 cycles for 256
 * outputs. */
#define CHANNELS 32
#define ADJACENT true
#include "kernels/dwconv/x86_64/quad_groups.h"

ASSAY_DWROWS(i8_avx512vnni_8x32, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, 1}, .adjacent = true, .run = run, .pack = pack, .cost = {30, {20.5, 14.5}, {12, 14.5}});
