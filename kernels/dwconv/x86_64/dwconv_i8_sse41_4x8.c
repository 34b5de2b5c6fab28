/* int8, SSE4.1: 4 pixels by 8 channels, two taps a step. 8 sums, 2 vectors of weights and 4 for interleaving; a step
 * is 8 widening loads, 8 interleavings, 8 pmaddwd and 8 paddd for 64 multiply-accumulates: bound by the instructions.
 */
#define MODE ASSAY_MODE_INT8
enum { PIXELS = 4 };
#include "kernels/dwconv/x86_64/pair_run.h"

ASSAY_DWCONV_KERNEL(i8_sse41_4x8, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, NULL, run, .element = ELEMENT,
                    .input_offset = INPUT_OFFSET, .supports = supports);
