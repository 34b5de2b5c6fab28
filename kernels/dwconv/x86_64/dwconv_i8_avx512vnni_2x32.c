/* int8 3x3, AVX-512 VNNI on 256 bits: dwconv_i8_avx512vnni_2x64 by 32 channels, for layers that fill half a block or
 * leave half of their last one. 46 cycles a step against the bound of 28: bound by the number of instructions. */
#define MODE ASSAY_MODE_INT8
#define BYTES 32
#include "kernels/dwconv/x86_64/quad_rows.h"

ASSAY_DWROWS(i8_avx512vnni_2x32, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, 1}, .run = run, .pack = pack, .cost = {25, {46, 30}, {26, 30}});
