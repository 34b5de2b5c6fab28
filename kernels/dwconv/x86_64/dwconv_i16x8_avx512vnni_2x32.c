/* int16x8 3x3, AVX-512 VNNI: 2 rows of the output (1 at stride 2) by 32 channels. A step of stride 1 is, for 576
 * multiply-accumulates: 4 loads, 4 interleavings, 24 vpdpwssd and 36 operations of rescaling (9 for 16 outputs). */
#include "kernels/dwconv/x86_64/word_rows.h"

ASSAY_DWROWS(i16x8_avx512vnni_2x32, ASSAY_MODE_INT16X8, ASSAY_ACC_I64, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, 1}, .run = run, .pack = pack, .cost = {25, {42, 27}, {22, 27}});
