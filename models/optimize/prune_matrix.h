/* Which weights of a matrix go: those of least magnitude, in a pattern (models/optimize/choice.h). The matrix is
 * row-major, without NaN. What goes becomes +0, what stays is not touched.
 * Of equal magnitudes, the one that comes first in the matrix goes first. False: no memory. */
#ifndef ASSAY_MODELS_OPTIMIZE_PRUNE_MATRIX_H
#define ASSAY_MODELS_OPTIMIZE_PRUNE_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

struct assay_matrix {
    float *weights;
    size_t rows, columns;
};

/* Whole blocks of block_rows x block_columns, aligned to multiples of these, cut at the edges; a block's magnitude is
 * the mean of its weights', so that a cut block is neither better nor worse off. As many blocks go, of the order of
 * their magnitudes, as bring the share of pruned weights nearest to `sparsity` (0 to 1; the fewer, if two are as near).
 * *pruned: the weights in them. */
bool assay_prune_blocks(const struct assay_matrix *matrix, size_t block_rows, size_t block_columns, double sparsity,
                        size_t *pruned);

/* Of each `group` weights that follow each other in a row, aligned to multiples of `group`, all but the `keep` largest;
 * of what is left at a row's end, too. */
bool assay_prune_groups(const struct assay_matrix *matrix, size_t keep, size_t group, size_t *pruned);

#endif
