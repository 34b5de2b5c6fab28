/* hybrid: the integer row of gemm_i8_avx512vnni_1x64, with sums that are scaled to float as they are stored. */
#include "kernels/gemm/x86_64/hybrid_row.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vnni_1x64, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, tile,
                   .grain = GRAIN * LANES, .input_offset = INPUT_OFFSET, .row_range = row_range,
                   .row_quantize = quantize_run, .stages_as_read = true, .quantizes_row = true,
                   .cost = {.row = 5, .step = 5, .store = 10, .tile = 12, .cut = GRAIN * LANES});
