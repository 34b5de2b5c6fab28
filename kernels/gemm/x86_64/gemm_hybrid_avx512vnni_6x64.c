/* hybrid, AVX-512 VNNI: 6 rows by 4 vectors of 16 columns, for few rows: half the calls of 12x32, and twice the sums of
 * a row.
 */
enum { MR = 6 };
#define TILE_VECTORS 4
#define DOT_BYTES 4
#define HYBRID 1
#include "kernels/gemm/x86_64/i8_tile.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vnni_6x64, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, .element = ELEMENT,
                   .input_offset = INPUT_OFFSET, .row_range = row_range, .row_quantize = row_quantize,
                   .cost = {.row = 4, .step = 5.3, .store = 10, .tile = 45});
