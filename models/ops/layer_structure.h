/* Where the zeros of a layer's weights are. For models/ops/layer_sparse.c. */
#ifndef ASSAY_MODELS_OPS_LAYER_STRUCTURE_H
#define ASSAY_MODELS_OPS_LAYER_STRUCTURE_H

#include "kernels/core/problem.h"

struct assay_layer_structure {
    enum assay_structure structure; /* never DENSE */
    double sparsity; /* share of the n * k weights that it leaves out; below 0 if cut blocks add more than it leaves */
};

/* The most regular structure (16x4, 1x16, 4x1, 1x4, random, in this order) whose blocks store at most 1/16 more weights
 * than there are non-zeros: what a layer was pruned in, though a few of the weights it kept are zero by chance. A block
 * that the matrix's edge cuts counts whole, as kernels store it. `problem` is one of spmm with n, k > 0; its structure
 * is not looked at. values: [n][k] of the mode's weight type. without: bits 1 << structure of those that are passed
 * over, never that of RANDOM. */
struct assay_layer_structure assay_layer_structure_of(const struct assay_problem *problem, const void *values,
                                                      unsigned without);

#endif
