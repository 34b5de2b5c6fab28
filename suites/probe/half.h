/* IEEE 754 binary16 to and from float in integer arithmetic: what the hardware's own conversions are judged by. */
#ifndef ASSAY_SUITES_PROBE_HALF_H
#define ASSAY_SUITES_PROBE_HALF_H

#include <stdint.h>

/* Ties to even; too large becomes infinity; a NaN stays one. */
uint16_t half_from_float(float value);
float half_to_float(uint16_t half);

#endif
