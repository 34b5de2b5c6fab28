/* The cases that a kernel is tried on, made for its own tile: where blocks end, strange shapes, strange numbers. */
#ifndef ASSAY_SUITES_CHECK_CASES_H
#define ASSAY_SUITES_CHECK_CASES_H

#include "suites/probe/layer.h"

enum cases_depth { CASES_QUICK, CASES_FULL };

/* Calls `visit` for each case, options.mode and structure being the kernel's. Shapes and numbers follow from kernel,
 * depth and seed. The case's name describes it and is unique for the kernel. Stops, returning false, when `visit` does.
 */
typedef bool cases_visit_fn(void *context, const struct layer_case *layer_case, const struct layer_options *options);
bool cases_visit(const struct assay_kernel *kernel, enum cases_depth depth, uint64_t seed, cases_visit_fn *visit,
                 void *context);

#endif
