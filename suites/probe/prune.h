/* Pruning by magnitude, as it is done to trained networks. */
#ifndef ASSAY_SUITES_PROBE_PRUNE_H
#define ASSAY_SUITES_PROBE_PRUNE_H

#include "kernels/core/types.h"

/* Of the rows x columns matrix, zeroes that share `sparsity` (0 … 1) of its blocks, rounded to the nearest count, whose
 * mean magnitude is smallest; the first of equals go first. False: no memory. */
bool prune_blocks(float *weights, size_t rows, size_t columns, enum assay_structure structure, double sparsity);

#endif
