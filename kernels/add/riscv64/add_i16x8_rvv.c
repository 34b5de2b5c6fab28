/* int16: the exact arithmetic, which the compiler vectorizes. */
#include "kernels/add/word_run.h"

ASSAY_ADD_INTEGER_KERNEL(add_i16x8_rvv, ASSAY_MODE_INT16X8, 16, .pack = assay_add_pack);
