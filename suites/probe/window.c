#include "suites/probe/window.h"

#include <math.h>

/* conv and dwconv have the same window; it alone is copied out of either shape. */
struct view {
    size_t in_h, in_w, kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left, out_h, out_w;
};

#define VIEW_OF(s)                                                                                                    \
    ((struct view){(s)->in_h, (s)->in_w, (s)->kernel_h, (s)->kernel_w, (s)->stride_h, (s)->stride_w, (s)->dilation_h, \
                   (s)->dilation_w, (s)->pad_top, (s)->pad_left, (s)->out_h, (s)->out_w})

static bool has_view(const struct assay_problem *problem)
{
    return problem->op == ASSAY_OP_CONV || problem->op == ASSAY_OP_DWCONV;
}

static struct view view_of(const struct assay_problem *problem)
{
    return problem->op == ASSAY_OP_CONV ? VIEW_OF(&problem->conv) : VIEW_OF(&problem->dwconv);
}

size_t window_taps(const struct assay_problem *problem)
{
    if (!has_view(problem))
        return 1;
    const struct view v = view_of(problem);
    return v.kernel_h * v.kernel_w;
}

/* Position before + tap * dilation - padding along one axis, or WINDOW_OUTSIDE. */
static size_t position(size_t out, size_t stride, size_t tap, size_t dilation, size_t padding, size_t size)
{
    const size_t padded = out * stride + tap * dilation;
    return padded >= padding && padded - padding < size ? padded - padding : WINDOW_OUTSIDE;
}

void window_pixels(const struct assay_problem *problem, size_t row, size_t *pixels)
{
    if (!has_view(problem)) {
        pixels[0] = row;
        return;
    }
    const struct view v = view_of(problem);
    const size_t image = row / (v.out_h * v.out_w), out_y = row / v.out_w % v.out_h, out_x = row % v.out_w;
    for (size_t i = 0; i < v.kernel_h; i++) {
        const size_t y = position(out_y, v.stride_h, i, v.dilation_h, v.pad_top, v.in_h);
        for (size_t j = 0; j < v.kernel_w; j++) {
            const size_t x = position(out_x, v.stride_w, j, v.dilation_w, v.pad_left, v.in_w);
            pixels[i * v.kernel_w + j] =
                y == WINDOW_OUTSIDE || x == WINDOW_OUTSIDE ? WINDOW_OUTSIDE : (image * v.in_h + y) * v.in_w + x;
        }
    }
}

size_t window_group_rows(const struct assay_problem *problem)
{
    if (!has_view(problem))
        return problem->op == ASSAY_OP_SPMM && problem->gemm.range_rows > 1 ? problem->gemm.range_rows : 1;
    const struct view v = view_of(problem);
    return v.in_h * v.in_w;
}

size_t window_group(const struct assay_problem *problem, size_t row)
{
    if (!has_view(problem))
        return row / window_group_rows(problem);
    const struct view v = view_of(problem);
    return row / (v.out_h * v.out_w);
}

size_t window_weight(const struct assay_problem *problem, size_t channel, size_t index)
{
    return problem->op == ASSAY_OP_DWCONV ? index * assay_problem_channels(problem) + channel
                                          : channel * assay_problem_depth(problem) + index;
}

struct window_grid window_grid_of(const struct assay_problem *problem, size_t limit)
{
    const struct assay_rows out = assay_problem_out_rows(problem);
    struct window_grid grid = {out.rows, out.columns, 1, 1};
    if (limit == 0 || out.rows == 0 || out.columns == 0 || out.rows <= limit / out.columns)
        return grid;
    /* As square as the output allows: sides of sqrt(limit), or more of one where the other is short. */
    const size_t side = (size_t)sqrt((double)limit) + 1;
    const size_t columns = out.rows < side ? limit / out.rows + 1 : side;
    const size_t chosen_columns = assay_min(columns, out.columns), chosen_rows = limit / chosen_columns + 1;
    /* Odd steps, so that they meet every lane of a tile. */
    grid.column_step = ((out.columns + chosen_columns - 1) / chosen_columns) | 1;
    grid.row_step = ((out.rows + chosen_rows - 1) / chosen_rows) | 1;
    return grid;
}

double window_real_output(const struct assay_problem *problem, const float *in, const float *weights, const float *bias,
                          size_t row, size_t channel, size_t *pixels)
{
    const size_t taps = window_taps(problem), columns = assay_problem_in_rows(problem).columns;
    const bool depthwise = problem->op == ASSAY_OP_DWCONV;
    const size_t width = depthwise ? 1 : columns, first = depthwise ? channel / problem->dwconv.multiplier : 0;
    const float *w = weights + channel * assay_problem_depth(problem);
    double sum = bias ? (double)bias[channel] : 0.0;
    window_pixels(problem, row, pixels);
    for (size_t tap = 0; tap < taps; tap++) {
        if (pixels[tap] == WINDOW_OUTSIDE)
            continue;
        const float *x = in + pixels[tap] * columns + first;
        for (size_t i = 0; i < width; i++)
            sum += (double)x[i] * (double)w[tap * width + i];
    }
    if (!assay_clamps(problem))
        return sum;
    return fmin(fmax(sum, (double)assay_clamp_min(problem)), (double)assay_clamp_max(problem));
}
