/* What sparse weights take, for whoever has to decide between them and the dense kernel: the descriptor's cost() sees
 * no weights, and so takes four fifths of the blocks for zeros. */
#ifndef ASSAY_KERNELS_SPMM_COST_H
#define ASSAY_KERNELS_SPMM_COST_H

#include "kernels/core/kernel.h"

/* One run with these weights ([n][k], dense), in the cycles of assay_kernel_cost(); NaN where the kernel states none.
 * A kernel may keep larger blocks than its structure's: what it keeps is counted. */
double assay_spmm_cost(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *values);

#endif
