/* spmm: a fully connected layer, or a 1x1 convolution of stride 1 seen as one (m = batch * height * width), whose
 * weights are mostly zeros. Shape, formula, numerics and bounds are those of gemm (kernels/gemm/gemm.h); weights are
 * given dense, and a kernel's pack() keeps the blocks that hold a non-zero. A weight that is zero may be multiplied or
 * skipped, so NaN and infinities in the input may or may not reach outputs whose weight for them is zero: only finite
 * inputs are specified.
 *
 * hybrid quantizes range_rows rows as one, from the first on, then the next; what is left at the end is a group as
 * well. So a convolution of one mode means the same whether its weights are sparse or not: range_rows is the height *
 * width of its images. 0 is 1: each row by itself, as the fully connected layer does.
 *
 * assay_bsr is the common form from which kernels pack: block compressed sparse rows of the n x k matrix, with blocks
 * of assay_structure_block(). row_start[r] to row_start[r + 1] are the blocks of block row r; column[] is each one's
 * block column, ascending; a block's values are found in the dense matrix, which stays the caller's. */
#ifndef ASSAY_KERNELS_SPMM_SPMM_H
#define ASSAY_KERNELS_SPMM_SPMM_H

#include "kernels/core/problem.h"

/* Blocks in the given dense weights that hold a non-zero. */
size_t assay_bsr_count(const struct assay_problem *problem, const void *values);

/* Fills row_start (block rows + 1 entries) and column (assay_bsr_count() entries). */
void assay_bsr_index(const struct assay_problem *problem, const void *values, uint32_t *row_start, uint32_t *column);

/* Whether the block of rows x columns whose first element is (row, column), cut at the edges of the matrix, holds a
 * non-zero: for kernels that keep larger blocks than the structure's. */
bool assay_bsr_stores(const struct assay_problem *problem, const void *values, size_t row, size_t column, size_t rows,
                      size_t columns);

#endif
