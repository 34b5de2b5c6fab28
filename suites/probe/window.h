/* Which inputs an output is made of, and which outputs are looked at: the geometry that layers and the oracle share. */
#ifndef ASSAY_SUITES_PROBE_WINDOW_H
#define ASSAY_SUITES_PROBE_WINDOW_H

#include "kernels/core/problem.h"

#define WINDOW_OUTSIDE SIZE_MAX

/* Taps of an output: kernel_h * kernel_w; 1 for gemm and spmm. */
size_t window_taps(const struct assay_problem *problem);

/* For each tap of output row `row`: the row (pixel) of the input that it reads, or WINDOW_OUTSIDE. */
void window_pixels(const struct assay_problem *problem, size_t row, size_t *pixels);

/* Rows of the input that hybrid quantizes as one (the last ones may be fewer), and the number of this group that output
 * row `row` reads. */
size_t window_group_rows(const struct assay_problem *problem);
size_t window_group(const struct assay_problem *problem, size_t row);

/* Where weight `index` (0 … depth - 1, in the order of taps) of a channel stands in the operation's layout. */
size_t window_weight(const struct assay_problem *problem, size_t channel, size_t index);

/* A grid over the output of at most about `limit` elements (0: all of them), with the last row and column always in it.
 */
struct window_grid {
    size_t rows, columns, row_step, column_step;
};
struct window_grid window_grid_of(const struct assay_problem *problem, size_t limit);

/* From one index to the next: for (i = 0; i < count; i = window_next(i, step, count)). */
static inline size_t window_next(size_t index, size_t step, size_t count)
{
    return index + 1 == count ? count : assay_min(index + step, count - 1);
}

/* The output at (row, channel) of a layer given in reals without gaps (weights [channel][depth], bias or NULL), in f64,
 * the activation applied. pixels: room for window_taps(). */
double window_real_output(const struct assay_problem *problem, const float *in, const float *weights, const float *bias,
                          size_t row, size_t channel, size_t *pixels);

#endif
