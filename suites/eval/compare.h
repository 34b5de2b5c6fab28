/* Two tensors as reals, block by block. */
#ifndef ASSAY_SUITES_EVAL_COMPARE_H
#define ASSAY_SUITES_EVAL_COMPARE_H

#include "suites/eval/metrics.h"
#include "suites/eval/reals.h"

#include <jansson.h>

void compare_reals(struct metrics_error *error, const struct reals *values, const struct reals *references,
                   size_t count);

void compare_to_floats(const struct reals *reals, size_t count, float *to);

/* A name from a file as JSON can have it: '?' for bytes beyond ASCII where they are not UTF-8. NULL: no memory. */
json_t *compare_name(const char *name);

#endif
