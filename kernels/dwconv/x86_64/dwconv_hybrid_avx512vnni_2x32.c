/* hybrid 3x3: dwconv_hybrid_avx512vnni_2x64 by 32 channels on 256 bits, with sums that are scaled to float as they are
 * stored. */
#define BYTES 32
#include "kernels/dwconv/x86_64/quad_rows.h"
#include "kernels/quantize/x86_64/dynamic.h"

ASSAY_DWROWS(hybrid_avx512vnni_2x32, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, 1}, .run = run, .pack = pack, .row_range = row_range, .row_quantize = row_quantize,
             .cost = {45, {50, 28}, {26, 28}});
