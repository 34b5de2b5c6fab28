/* The part of a case that says what is computed: operation, shape, activation. */
#ifndef ASSAY_HARNESS_SUITE_SHAPE_H
#define ASSAY_HARNESS_SUITE_SHAPE_H

#include "harness/yaml/document.h"
#include "kernels/core/problem.h"

/* The keys that a case of this operation may have beside those that every case has. */
const char *const *assay_shape_keys(enum assay_op op, size_t *count);

/* Fills op's shape and the activation of `problem`, whose op is set. */
bool assay_shape_read(const struct assay_yaml *map, struct assay_problem *problem);

#endif
