/* fp16 3x3 summed in f32, AVX-512: dwconv_f32_avx512_2x32 with conversions of what is loaded and stored, 8 and 4 beside
 * 36 multiply-adds: bound by those, 83 % of the bound, whatever the distance of the pixels. */
#define INPUT assay_f16
#define WEIGHT assay_f16
#include "kernels/dwconv/x86_64/float_rows.h"

ASSAY_DWROWS(f16af32_avx512_2x32, ASSAY_MODE_FP16, ASSAY_ACC_F32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, ROWS}, .grain = LANES, .run = run, .pack = pack, .cost = {20, {43, 60}, {25, 32}});
