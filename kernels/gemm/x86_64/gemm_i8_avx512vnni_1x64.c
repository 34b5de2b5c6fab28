/* int8, AVX-512 VNNI: one row, 4 vectors of 16 columns. A step of 4 inputs is 4 vpdpbusd with weights from memory and a
 * broadcast: bound by the bandwidth of whatever holds the weights, of which it takes half the rate of the first-level
 * cache. */
#include "kernels/gemm/x86_64/i8_row.h"

ASSAY_IGEMM_KERNEL(i8_avx512vnni_1x64, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, .grain = GRAIN * LANES,
                   .input_offset = INPUT_OFFSET,
                   .cost = {.row = 5, .step = 5, .store = 24, .tile = 12, .cut = GRAIN * LANES});
