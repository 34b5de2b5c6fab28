/* fp16 summed in f32, AVX2, FMA and F16C: the tile of gemm_f16w_avx2_6x16 over inputs widened once a tile, one
 * conversion and one store for each 8 of them beside 16 multiply-adds. */
#define INPUT assay_f16
#define WEIGHT assay_f16
enum { MR = 6 };
#include "kernels/gemm/x86_64/float_tile.h"

ASSAY_IGEMM_KERNEL(f16af32_avx2_6x16, ASSAY_MODE_FP16, ASSAY_ACC_F32, MR, NR, NULL, 1, tile);
