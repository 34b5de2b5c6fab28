/* int16x8, AVX-VNNI: the loop of dwconv_i8_avxvnni_4x16, over inputs that are int16 already. */
#define MODE ASSAY_MODE_INT16X8
enum { PIXELS = 4 };
#include "kernels/dwconv/x86_64/pair_run.h"

ASSAY_DWCONV_KERNEL(i16x8_avxvnni_4x16, ASSAY_MODE_INT16X8, ASSAY_ACC_I64, CR, NULL, run, .element = ELEMENT,
                    .input_offset = INPUT_OFFSET, .supports = supports, .cost = {.tap = 4, .pixel = 92});
