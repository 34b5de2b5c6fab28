/* int16: the exact arithmetic, which the compiler vectorizes: 8 sums at once. */
#include "kernels/add/word_run.h"

ASSAY_ADD_INTEGER_KERNEL(add_i16x8_neon, ASSAY_MODE_INT16X8, 8, .pack = assay_add_pack);
