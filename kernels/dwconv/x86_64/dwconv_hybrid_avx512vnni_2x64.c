/* hybrid 3x3: 2 rows of the output (1 at stride 2) by 64 channels, with sums that are scaled to float as they are
 * stored: 32 operations, 16 shuffles back to plain order and 8 stores a step, of one store in two cycles. */
#define BYTES 64
#include "kernels/dwconv/x86_64/quad_rows.h"
#include "kernels/quantize/x86_64/dynamic.h"

ASSAY_DWROWS(hybrid_avx512vnni_2x64, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, 1}, .run = run, .pack = pack, .row_range = row_range, .row_quantize = row_quantize,
             .cost = {45, {88, 52}, {46, 52}});
