/* fp16 summed in f32, AVX-512: the tile of gemm_f16w_avx512_12x32 over inputs widened once a tile, one conversion and
 * one store for each 16 of them beside 32 multiply-adds. */
#define INPUT assay_f16
#define WEIGHT assay_f16
enum { MR = 12 };
#include "kernels/gemm/x86_64/float_tile.h"

ASSAY_IGEMM_KERNEL(f16af32_avx512_12x32, ASSAY_MODE_FP16, ASSAY_ACC_F32, MR, NR, NULL, 1, tile);
