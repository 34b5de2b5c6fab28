/* Timing a loop of suites/peaks/loops.h. */
#ifndef ASSAY_SUITES_PEAKS_MEASURE_H
#define ASSAY_SUITES_PEAKS_MEASURE_H

#include "suites/peaks/loops.h"

/* Multiply-accumulates a nanosecond: the best of some short bursts, as a disturbance only ever makes one slower. */
double peak_time_macs(peak_macs_function *loop);

/* Fills in the rates of a level, with `bytes` of memory that it is to hold; nothing where they are not to be had. */
void peak_time_memory(const struct peak_isa *isa, size_t bytes, struct peak_level *level);

/* The least nanoseconds that a pass of isa->mix takes. */
double peak_time_mix(const struct peak_isa *isa, void *to, size_t written, const void *from, size_t read);

#endif
