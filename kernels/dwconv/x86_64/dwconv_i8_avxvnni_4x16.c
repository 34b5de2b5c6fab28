/* int8, AVX-VNNI: dwconv_i8_avx2_4x16 with a product and its addition in one (vpdpwssd): 8 of them a step for 128
 * multiply-accumulates, beside 8 widening loads and 8 interleavings: bound by the shuffles as before. */
#define MODE ASSAY_MODE_INT8
enum { PIXELS = 4 };
#include "kernels/dwconv/x86_64/pair_run.h"

ASSAY_DWCONV_KERNEL(i8_avxvnni_4x16, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, NULL, run, .element = ELEMENT,
                    .input_offset = INPUT_OFFSET, .supports = supports, .cost = {.tap = 3.4, .pixel = 18});
