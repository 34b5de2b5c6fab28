#include "models/ops/layer_parts.h"

#include "kernels/core/select.h"
#include "kernels/core/window.h"

#include <math.h>

/* Where part i of `parts` begins among `count` steps. The last has the most, and of these the one that is cut short. */
static size_t begin(size_t count, size_t parts, size_t i)
{
    return count * i / parts;
}

static size_t in_size(const struct assay_problem *problem)
{
    return assay_type_size(assay_mode_input(problem->mode));
}

static size_t out_size(const struct assay_problem *problem)
{
    return assay_type_size(assay_mode_output(problem->mode));
}

static size_t steps_of(size_t count, size_t step)
{
    return (count + step - 1) / step;
}

/* Things that make whole tiles when there are `each` rows to a thing. */
static size_t step_of(size_t tile, size_t each)
{
    size_t a = tile, b = each; /* their greatest common divisor */
    while (b > 0) {
        const size_t rest = a % b;
        a = b;
        b = rest;
    }
    return tile / a;
}

/* Whole panels of the kernel, and whole blocks of sparse weights. */
static size_t channel_step(const struct assay_kernel *kernel)
{
    size_t rows, columns;
    assay_structure_block(kernel->structure, &rows, &columns);
    return assay_round_up(assay_kernel_tile(kernel).n, rows);
}

static size_t split_channels(const struct assay_problem *problem, const struct assay_kernel *kernel, size_t most,
                             struct assay_layer_part *parts)
{
    const size_t channels = assay_problem_channels(problem), step = channel_step(kernel);
    const size_t steps = steps_of(channels, step), count = assay_min(most, steps);
    for (size_t i = 0; i < count; i++) {
        const size_t first = begin(steps, count, i) * step;
        const size_t width = assay_min(begin(steps, count, i + 1) * step, channels) - first;
        parts[i] =
            (struct assay_layer_part){.problem = *problem, .out = first * out_size(problem), .first_channel = first};
        if (problem->op == ASSAY_OP_CONV)
            parts[i].problem.conv.out_c = width;
        else
            parts[i].problem.gemm.n = width;
    }
    return count;
}

static struct assay_layer_part cut_matrix(const struct assay_problem *problem, size_t first, size_t end)
{
    const struct assay_gemm_shape *s = &problem->gemm;
    struct assay_layer_part part = {.problem = *problem,
                                    .in = first * s->in_stride * in_size(problem),
                                    .out = first * s->out_stride * out_size(problem),
                                    .first_group = first / assay_problem_groups(problem).rows};
    part.problem.gemm.m = end - first;
    return part;
}

/* Whether parts of a group of rows that share a range can be computed each by itself. */
static bool cuts_groups(const struct assay_problem *problem, const struct assay_kernel *kernel)
{
    return problem->mode != ASSAY_MODE_HYBRID || kernel->fold_range;
}

/* Between tiles; if rows share ranges, between groups, or each group into as many parts. */
static size_t split_matrix_rows(const struct assay_problem *problem, const struct assay_kernel *kernel, size_t most,
                                struct assay_layer_part *parts)
{
    const size_t m = problem->gemm.m, tile = assay_kernel_tile(kernel).m;
    const struct assay_groups groups = assay_problem_groups(problem);
    const bool within = groups.rows > 1 && m > 0 && most >= groups.count && cuts_groups(problem, kernel);
    const size_t whole = within ? groups.count : 1, rows = within ? groups.rows : m;
    const size_t step = groups.rows > 1 && !within ? groups.rows : tile;
    const size_t steps = steps_of(rows, step), each = assay_min(most / whole, steps);
    size_t count = 0;
    for (size_t i = 0; i < whole * each; i++) {
        const size_t group = i / each * rows, first = group + begin(steps, each, i % each) * step;
        const size_t end = assay_min(group + assay_min(begin(steps, each, i % each + 1) * step, rows), m);
        if (first < end) /* the last group may have fewer rows */
            parts[count++] = cut_matrix(problem, first, end);
    }
    return count;
}

static struct assay_window *window_of(struct assay_problem *problem)
{
    return problem->op == ASSAY_OP_CONV ? &problem->conv.window : &problem->dwconv.window;
}

/* Rows `first` to before `end` of the output of `images` images from `image` on; all of the rows if there are several.
 * The part's image begins where the window of its first row does, or above, with what is left of the padding there. */
static struct assay_layer_part cut_window(const struct assay_problem *problem, size_t image, size_t images,
                                          size_t first, size_t end)
{
    struct assay_layer_part part = {.problem = *problem};
    struct assay_window *w = window_of(&part.problem);
    const bool conv = problem->op == ASSAY_OP_CONV;
    const size_t in_stride = conv ? problem->conv.in_stride : problem->dwconv.in_stride;
    const size_t out_stride = conv ? problem->conv.out_stride : problem->dwconv.out_stride;
    const size_t top = first * w->stride_h; /* in rows of the padded image */
    const size_t above = top < w->pad_top ? 0 : top - w->pad_top;
    part.in = (image * w->in_h + above) * w->in_w * in_stride * in_size(problem);
    part.out = (image * w->out_h + first) * w->out_w * out_stride * out_size(problem);
    part.first_group = image;
    w->batch = images;
    if (images > 1 || end - first == w->out_h) /* hybrid finds the range of rows, too, that no window reaches */
        return part;
    w->pad_top = top < w->pad_top ? w->pad_top - top : 0;
    w->out_h = end - first;
    const size_t reach = (w->out_h - 1) * w->stride_h + (w->kernel_h - 1) * w->dilation_h + 1;
    w->in_h = assay_min(w->in_h - above, reach > w->pad_top ? reach - w->pad_top : 0);
    return part;
}

/* Images, or rows of the output, that make whole tiles of float kernels. */
static size_t whole_tiles(const struct assay_problem *problem, const struct assay_kernel *kernel, size_t each)
{
    const bool exact = assay_mode_is_integer(problem->mode) || problem->mode == ASSAY_MODE_HYBRID;
    return step_of(exact ? 1 : assay_kernel_tile(kernel).m, each);
}

static size_t split_images(const struct assay_problem *problem, const struct assay_kernel *kernel, size_t most,
                           struct assay_layer_part *parts)
{
    const struct assay_window w = assay_window_of(problem);
    const size_t step = whole_tiles(problem, kernel, w.out_h * w.out_w);
    const size_t steps = steps_of(w.batch, step), count = assay_min(most, steps);
    for (size_t i = 0; i < count; i++) {
        const size_t first = begin(steps, count, i) * step, end = begin(steps, count, i + 1) * step;
        parts[i] = cut_window(problem, first, assay_min(end, w.batch) - first, 0, w.out_h);
    }
    return count;
}

/* A 1x1 layer has no rows of images, but pixels. */
static bool by_pixels(const struct assay_problem *problem)
{
    const struct assay_window w = assay_window_of(problem);
    return problem->op == ASSAY_OP_CONV && w.kernel_h == 1 && w.kernel_w == 1 && w.stride_h == 1 && w.stride_w == 1 &&
           w.pad_top == 0 && w.pad_left == 0 && w.out_h == w.in_h && w.out_w == w.in_w;
}

static size_t split_window_rows(const struct assay_problem *problem, const struct assay_kernel *kernel, size_t most,
                                struct assay_layer_part *parts)
{
    const struct assay_window w = assay_window_of(problem);
    if (by_pixels(problem) && w.out_w > 1) {
        struct assay_problem flat = *problem;
        if (problem->mode != ASSAY_MODE_HYBRID) /* where each image has a range of its own */
            flat.conv.batch = 1;
        flat.conv.in_h = flat.conv.out_h = w.batch / flat.conv.batch * w.out_h * w.out_w;
        flat.conv.in_w = flat.conv.out_w = 1;
        return split_window_rows(&flat, kernel, most, parts);
    }
    const bool whole = w.batch == 1 || whole_tiles(problem, kernel, w.out_h * w.out_w) == 1;
    if (most < w.batch || !whole || !cuts_groups(problem, kernel))
        return 0;
    const size_t step = whole_tiles(problem, kernel, w.out_w);
    const size_t steps = steps_of(w.out_h, step), each = assay_min(most / w.batch, steps);
    for (size_t i = 0; i < w.batch * each; i++) {
        const size_t first = begin(steps, each, i % each) * step, end = begin(steps, each, i % each + 1) * step;
        parts[i] = cut_window(problem, i / each, 1, first, assay_min(end, w.out_h));
    }
    return w.batch * each;
}

/* What a part takes, about: in cycles, as its kernel states them, else as if it did some multiply-accumulates in one.
 */
static double cost_of(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    /* What kernels leave out, as layers as a whole have it alike: the quantization of an input in hybrid, in cycles;
     * bytes a cycle that come from other caches than the own. And where a kernel states nothing, how many
     * multiply-accumulates the preparation of an input is worth. */
    static const double quantization = 0.25, bytes_a_cycle = 32, preparation = 16, macs_a_cycle = 16;
    const struct assay_rows in = assay_problem_in_rows(problem);
    const double cost = assay_kernel_cost(kernel, problem), inputs = (double)in.rows * (double)in.columns;
    if (isnan(cost))
        return ((double)assay_problem_macs(problem) + preparation * inputs) / macs_a_cycle;
    const double bytes = inputs * (double)in_size(problem) + (double)assay_problem_weight_bytes(problem);
    return cost + bytes / bytes_a_cycle + (problem->mode == ASSAY_MODE_HYBRID ? inputs * quantization : 0);
}

static double largest_cost(const struct assay_kernel *kernel, const struct assay_layer_part *parts, size_t count)
{
    double most = count > 0 ? 0 : INFINITY;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, cost_of(kernel, &parts[i].problem));
    return most;
}

typedef size_t split_fn(const struct assay_problem *problem, const struct assay_kernel *kernel, size_t most,
                        struct assay_layer_part *parts);

/* The ways to cut an operation; NULL ends them. */
static split_fn *const *ways_of(enum assay_op op)
{
    static split_fn *const conv[] = {split_images, split_window_rows, split_channels, NULL};
    static split_fn *const dwconv[] = {split_images, split_window_rows, NULL};
    static split_fn *const matrix[] = {split_matrix_rows, split_channels, NULL};
    return op == ASSAY_OP_CONV ? conv : op == ASSAY_OP_DWCONV ? dwconv : matrix;
}

size_t assay_layer_split(const struct assay_problem *problem, const struct assay_kernel *kernel, size_t most,
                         double least, struct assay_layer_part *parts)
{
    /* Rows stay with the thread that wrote them, from layer to layer: channels must be better by this. */
    static const double better = 0.96;
    const double worthwhile = most > 1 ? cost_of(kernel, problem) / least : 1;
    split_fn *best = NULL;
    double best_cost = INFINITY;
    most = worthwhile < (double)most ? (size_t)worthwhile : most;
    for (split_fn *const *way = ways_of(problem->op); most > 1 && *way; way++) {
        const double cost = largest_cost(kernel, parts, (*way)(problem, kernel, most, parts));
        if (cost < better * best_cost) {
            best = *way;
            best_cost = cost;
        }
    }
    if (best)
        return best(problem, kernel, most, parts);
    parts[0] = (struct assay_layer_part){.problem = *problem};
    return 1;
}

struct assay_weights assay_layer_part_weights(const struct assay_layer_part *part, const struct assay_weights *whole)
{
    const struct assay_problem *problem = &part->problem;
    const size_t first = part->first_channel;
    const size_t weight_size = assay_type_size(assay_mode_weight(problem->mode));
    const size_t bias_size = assay_type_size(assay_mode_bias(problem->mode));
    if (first == 0) /* operations without channels, too */
        return *whole;
    return (struct assay_weights){
        .values = (const char *)whole->values + first * assay_problem_depth(problem) * weight_size,
        .bias = whole->bias ? (const char *)whole->bias + first * bias_size : NULL,
        .scale = whole->scale ? whole->scale + first : NULL,
        .multiplier = whole->multiplier ? whole->multiplier + first : NULL,
        .shift = whole->shift ? whole->shift + first : NULL,
    };
}

bool assay_layer_part_shares(const struct assay_layer_part *part, const struct assay_layer_part *before)
{
    return part->first_channel == before->first_channel;
}
