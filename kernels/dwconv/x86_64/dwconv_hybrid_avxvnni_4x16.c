/* hybrid, AVX-VNNI: the loop of dwconv_i8_avxvnni_4x16, with sums that are scaled to float as they are stored. */
#define MODE ASSAY_MODE_HYBRID
enum { PIXELS = 4 };
#include "kernels/dwconv/x86_64/pair_run.h"
#include "kernels/quantize/x86_64/dynamic.h"

ASSAY_DWCONV_KERNEL(hybrid_avxvnni_4x16, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, CR, NULL, run, .element = ELEMENT,
                    .input_offset = INPUT_OFFSET, .supports = supports, .row_range = row_range,
                    .row_quantize = row_quantize, .cost = {.tap = 3.4, .pixel = 8});
