/* Bounds of what was measured (docs/measuring.md): from the probe's measurements to records. */
#ifndef ASSAY_HARNESS_MEASURE_BOUND_H
#define ASSAY_HARNESS_MEASURE_BOUND_H

#include <jansson.h>

/* Of two bounds of the same work, that two processes told, the lower one: its process measured the higher peaks. It
 * gets the lower stream_ns of both. NULL is no bound. */
json_t *assay_bound_least(json_t *a, json_t *b);

/* The record's member `bound`: the probe's with the share that `value` reaches; null without one. */
json_t *assay_bound_record(const json_t *bound, double value);

#endif
