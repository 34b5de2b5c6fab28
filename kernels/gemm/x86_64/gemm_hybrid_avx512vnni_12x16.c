/* hybrid, AVX-512 VNNI: 12 rows by a vector of 16 columns, for layers that have no more, or few more than a multiple
 * of 32.
 */
enum { MR = 12 };
#define TILE_VECTORS 1
#define DOT_BYTES 4
#define HYBRID 1
#include "kernels/gemm/x86_64/i8_tile.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vnni_12x16, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, .element = ELEMENT,
                   .input_offset = INPUT_OFFSET, .row_range = row_range, .row_quantize = row_quantize,
                   .cost = {.row = 1.05, .step = 1.6, .store = 2.6, .tile = 50});
