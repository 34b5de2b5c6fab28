#define STEM add_i8
#define MODE ASSAY_MODE_INT8
#define ELEMENT int8_t
#define LEFT ASSAY_ADD_LEFT_I8
#include "kernels/add/reference/integer.inc"
