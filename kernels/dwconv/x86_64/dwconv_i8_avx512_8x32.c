/* int8, AVX-512 without VNNI: 8 pixels by 32 channels, two taps a step. 16 sums, 2 vectors of weights and 4 for
 * interleaving; a step is 16 widening loads, 16 interleavings, 16 vpmaddwd and 16 vpaddd for 512 multiply-accumulates:
 * bound by the shuffles. */
#define MODE ASSAY_MODE_INT8
enum { PIXELS = 8 };
#include "kernels/dwconv/x86_64/pair_run.h"

ASSAY_DWCONV_KERNEL(i8_avx512_8x32, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, NULL, run, .element = ELEMENT,
                    .input_offset = INPUT_OFFSET, .supports = supports, .cost = {.tap = 3.6, .pixel = 30});
