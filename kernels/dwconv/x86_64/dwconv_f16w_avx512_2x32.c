/* fp16w 3x3, AVX-512: dwconv_f32_avx512_2x32, with weights that are widened when packed: as fast. */
#define INPUT float
#define WEIGHT assay_f16
#include "kernels/dwconv/x86_64/float_rows.h"

ASSAY_DWROWS(f16w_avx512_2x32, ASSAY_MODE_FP16W, ASSAY_ACC_F32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, ROWS}, .grain = LANES, .run = run, .pack = pack, .cost = {20, {38, 60}, {22, 32}});
