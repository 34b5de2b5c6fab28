/* hybrid, AVX-512 VNNI: one row, 4 vectors of 16 columns. A step of 4 inputs is 4 vpdpbusd with weights from memory and
 * a broadcast, bound as gemm_i8_avx512vnni_1x64 is: 0.93 of reading from the second-level cache. Before the first step
 * the row is quantized; of 8 inputs to 128 columns, 26 ns in all, that is nearly all that is waited for. */
#include "kernels/gemm/x86_64/hybrid_row.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vnni_1x64, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, tile,
                   .grain = GRAIN * LANES, .input_offset = INPUT_OFFSET, .row_range = row_range,
                   .row_quantize = quantize_run, .stages_as_read = true, .quantizes_row = true,
                   .cost = {.row = 5, .step = 5, .store = 10, .tile = 12, .cut = GRAIN * LANES});
