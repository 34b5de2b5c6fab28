/* int16x8, AVX-512 VNNI: one row, 4 vectors of 16 columns. A step of 4 inputs is 8 vpdpbusd for 4 loads of weights: 8
 * cycles for 256 bytes, which is the bandwidth of the second-level cache. */
#include "kernels/gemm/x86_64/i16_row.h"

ASSAY_IGEMM_KERNEL(i16x8_avx512vnni_1x64, ASSAY_MODE_INT16X8, ASSAY_ACC_I64, MR, NR, NULL, 4, tile, .rescale64 = true,
                   .solved_rescale = true, .grain = GRAIN * LANES, .rewrite = split, .input_offset = INPUT_OFFSET,
                   .supports = supports,
                   .cost = {.row = 9.2, .step = 9.2, .store = 0, .tile = 47, .cut = GRAIN * LANES});
