/* Which kernel computes a problem: a pure function of features, problem and an optional forced name. */
#ifndef ASSAY_KERNELS_CORE_SELECT_H
#define ASSAY_KERNELS_CORE_SELECT_H

#include "kernels/core/kernel.h"

/* NULL if `kernel` can compute `problem` on a CPU with `features`; else why not, in a few words. */
const char *assay_kernel_refuses(const struct assay_kernel *kernel, const struct assay_problem *problem,
                                 uint64_t features);

/* The kernel of highest rank among `count` of `kernels` that accepts the problem; the first registered of equals. With
 * `forced` (a kernel's full name) that one or nothing. NULL if there is none, and then *why, which may be NULL, says
 * why. */
const struct assay_kernel *assay_select(const struct assay_kernel *const *kernels, size_t count,
                                        const struct assay_problem *problem, uint64_t features, const char *forced,
                                        const char **why);

#endif
