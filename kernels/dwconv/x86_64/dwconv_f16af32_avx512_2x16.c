/* fp16 3x3 summed in f32, AVX-512: dwconv_f32_avx512_2x16 with conversions of what is loaded and stored, 4 and 2 beside
 * 18 multiply-adds: bound by those, 78 % of the bound. */
#define INPUT assay_f16
#define WEIGHT assay_f16
#include "kernels/dwconv/x86_64/float_rows.h"

ASSAY_DWROWS(f16af32_avx512_2x16, ASSAY_MODE_FP16, ASSAY_ACC_F32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, ROWS}, .run = run, .pack = pack, .cost = {30, {22, 26}, {11.5, 13}});
