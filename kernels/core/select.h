/* Which kernel computes a problem: a pure function of features, problem and an optional forced name. */
#ifndef ASSAY_KERNELS_CORE_SELECT_H
#define ASSAY_KERNELS_CORE_SELECT_H

#include "kernels/core/kernel.h"

/* NULL if `kernel` can compute `problem` on a CPU with `features`; else why not, in a few words. */
const char *assay_kernel_refuses(const struct assay_kernel *kernel, const struct assay_problem *problem,
                                 uint64_t features);

/* What `kernel` states of `problem`, which it accepts; NaN: nothing. */
double assay_kernel_cost(const struct assay_kernel *kernel, const struct assay_problem *problem);

/* Among the kernels of `kernels` that accept the problem: the one of highest rank; and if that one states a cost, the
 * one of least cost among all that do, baselines (rank below 0) excepted. Of equals the first registered. With `forced`
 * (a kernel's full name) that one or nothing. NULL if there is none, and then *why, which may be NULL, says why. */
const struct assay_kernel *assay_select(const struct assay_kernel *const *kernels, size_t count,
                                        const struct assay_problem *problem, uint64_t features, const char *forced,
                                        const char **why);

#endif
