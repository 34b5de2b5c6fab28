/* int8, AVX-512 VNNI: 4 pixels by 64 channels, four taps a step. 16 sums, 4 vectors of weights and 8 for interleaving;
 * a step is 16 loads, 16 sign flips, 32 interleavings and 16 vpdpbusd for 1024 multiply-accumulates, and 8
 * interleavings of weights: bound by the shuffles. */
#define MODE ASSAY_MODE_INT8
enum { PIXELS = 4 };
#include "kernels/dwconv/x86_64/quad_run.h"

ASSAY_DWCONV_KERNEL(i8_avx512vnni_4x64, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, NULL, run, .element = ELEMENT,
                    .input_offset = INPUT_OFFSET, .supports = supports, .cost = {.tap = 5, .pixel = 62});
