/* What becomes of each operator of a network: its numerics and the structure of its weights. */
#ifndef ASSAY_MODELS_OPTIMIZE_CHOICE_H
#define ASSAY_MODELS_OPTIMIZE_CHOICE_H

#include "models/graph/draft.h"

/* Where zeros may be, seen as the kernels see weights: a matrix of output channels (rows) by inputs (columns).
 *   rows x columns blocks, each all zero or not: 1x1 is "random"; 1x4, 4x1, 1x16, 4x4 …
 *   keep of group: of each `group` weights that follow each other in a row, at most `keep` are not zero: 2:4. */
struct assay_pattern {
    size_t rows, columns; /* of a block; 0: dense, nothing is pruned */
    size_t keep, group;   /* group 0: a block pattern */
};

static inline bool assay_pattern_prunes(const struct assay_pattern *pattern)
{
    return pattern->group > 0 || (pattern->rows > 0 && pattern->columns > 0);
}

struct assay_layer_choice {
    enum assay_mode mode; /* FP32, FP16W, HYBRID, INT8, INT16X8. Of an operator without weights: float or integer */
    struct assay_pattern pattern;
    double sparsity; /* share of zeros asked for, 0 to 1; n:m patterns have their own */
};

#endif
