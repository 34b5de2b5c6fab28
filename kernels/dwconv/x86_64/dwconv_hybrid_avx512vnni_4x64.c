/* hybrid: dwconv_i8_avx512vnni_4x64, with sums that are scaled to float as they are stored. */
#define MODE ASSAY_MODE_HYBRID
enum { PIXELS = 4 };
#include "kernels/dwconv/x86_64/quad_run.h"
#include "kernels/quantize/x86_64/dynamic.h"

ASSAY_DWCONV_KERNEL(hybrid_avx512vnni_4x64, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, CR, NULL, run, .element = ELEMENT,
                    .input_offset = INPUT_OFFSET, .supports = supports, .row_range = row_range,
                    .row_quantize = row_quantize, .cost = {.tap = 5, .pixel = 21});
