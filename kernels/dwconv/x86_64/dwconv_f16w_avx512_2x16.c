/* fp16w 3x3, AVX-512: dwconv_f32_avx512_2x16 with weights that are converted as they are loaded, once for all pixels of
 * a row: as fast. */
#define INPUT float
#define WEIGHT assay_f16
#include "kernels/dwconv/x86_64/float_rows.h"

ASSAY_DWROWS(f16w_avx512_2x16, ASSAY_MODE_FP16W, ASSAY_ACC_F32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, ROWS}, .run = run, .pack = pack, .cost = {30, {20, 26}, {10.5, 13}});
