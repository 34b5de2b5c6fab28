#define STEM add_i16x8
#define MODE ASSAY_MODE_INT16X8
#define ELEMENT int16_t
#define LEFT ASSAY_ADD_LEFT_I16
#include "kernels/add/reference/integer.inc"
