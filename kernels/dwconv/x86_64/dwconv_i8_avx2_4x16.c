/* int8, AVX2: 4 pixels by 16 channels, two taps a step. 8 sums, 2 vectors of weights and 4 for interleaving; a step is
 * 8 widening loads, 8 interleavings, 8 vpmaddwd and 8 vpaddd for 128 multiply-accumulates: bound by the shuffles. */
#define MODE ASSAY_MODE_INT8
enum { PIXELS = 4 };
#include "kernels/dwconv/x86_64/pair_run.h"

ASSAY_DWCONV_KERNEL(i8_avx2_4x16, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, NULL, run, .element = ELEMENT,
                    .input_offset = INPUT_OFFSET, .supports = supports, .cost = {.tap = 3.4, .pixel = 18});
