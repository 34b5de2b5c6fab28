#include "models/ops/layer_parts.h"

#include "kernels/core/window.h"

/* Where part i of `parts` begins among `count` things. */
static size_t begin(size_t count, size_t parts, size_t i)
{
    return count / parts * i + assay_min(i, count % parts);
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

/* The share of the whole that the largest of at most `most` parts has, when parts are whole steps. */
static double largest(size_t steps, size_t most)
{
    return (double)steps_of(steps, assay_min(steps, most)) / (double)steps;
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

static size_t split_matrix(const struct assay_problem *problem, const struct assay_kernel *kernel, size_t most,
                           struct assay_layer_part *parts)
{
    const struct assay_gemm_shape *s = &problem->gemm;
    const size_t step = assay_kernel_tile(kernel).m, steps = steps_of(s->m, step), count = assay_min(most, steps);
    if (largest(steps, most) > largest(steps_of(s->n, channel_step(kernel)), most))
        return split_channels(problem, kernel, most, parts);
    for (size_t i = 0; i < count; i++) {
        const size_t first = begin(steps, count, i) * step;
        parts[i] = (struct assay_layer_part){.problem = *problem,
                                             .in = first * s->in_stride * in_size(problem),
                                             .out = first * s->out_stride * out_size(problem)};
        parts[i].problem.gemm.m = assay_min(begin(steps, count, i + 1) * step, s->m) - first;
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
    w->batch = images;
    if (images > 1 || end - first == w->out_h) /* hybrid quantizes rows, too, that no window reaches */
        return part;
    w->pad_top = top < w->pad_top ? w->pad_top - top : 0;
    w->out_h = end - first;
    const size_t reach = (w->out_h - 1) * w->stride_h + (w->kernel_h - 1) * w->dilation_h + 1;
    w->in_h = assay_min(w->in_h - above, reach > w->pad_top ? reach - w->pad_top : 0);
    return part;
}

static size_t split_images(const struct assay_problem *problem, const struct assay_window *w, size_t step, size_t most,
                           struct assay_layer_part *parts)
{
    const size_t steps = steps_of(w->batch, step), count = assay_min(most, steps);
    for (size_t i = 0; i < count; i++) {
        const size_t first = begin(steps, count, i) * step, end = begin(steps, count, i + 1) * step;
        parts[i] = cut_window(problem, first, assay_min(end, w->batch) - first, 0, w->out_h);
    }
    return count;
}

static size_t split_rows(const struct assay_problem *problem, const struct assay_window *w, size_t step, size_t most,
                         struct assay_layer_part *parts)
{
    const size_t steps = steps_of(w->out_h, step), each = assay_min(most / w->batch, steps);
    for (size_t i = 0; i < w->batch * each; i++) {
        const size_t first = begin(steps, each, i % each) * step, end = begin(steps, each, i % each + 1) * step;
        parts[i] = cut_window(problem, i / each, 1, first, assay_min(end, w->out_h));
    }
    return w->batch * each;
}

static size_t split_window(const struct assay_problem *problem, const struct assay_kernel *kernel, size_t most,
                           struct assay_layer_part *parts)
{
    const struct assay_window w = assay_window_of(problem);
    const bool exact = assay_mode_is_integer(problem->mode), hybrid = problem->mode == ASSAY_MODE_HYBRID;
    const size_t tile = exact || hybrid ? 1 : assay_kernel_tile(kernel).m, image = w.out_h * w.out_w;
    const size_t image_step = step_of(tile, image), row_step = step_of(tile, w.out_w);
    const bool by_rows = !hybrid && most >= w.batch && (w.batch == 1 || image % tile == 0);
    const bool by_channels = problem->op == ASSAY_OP_CONV;
    const double images = largest(steps_of(w.batch, image_step), most);
    const double rows = by_rows ? largest(steps_of(w.out_h, row_step), most / w.batch) / (double)w.batch : 1.0;
    const double channels =
        by_channels ? largest(steps_of(assay_problem_channels(problem), channel_step(kernel)), most) : 1.0;
    if (images <= rows && images <= channels)
        return split_images(problem, &w, image_step, most, parts);
    return rows <= channels ? split_rows(problem, &w, row_step, most, parts)
                            : split_channels(problem, kernel, most, parts);
}

size_t assay_layer_split(const struct assay_problem *problem, const struct assay_kernel *kernel, size_t most,
                         uint64_t least, struct assay_layer_part *parts)
{
    const uint64_t worthwhile = assay_problem_macs(problem) / least;
    most = worthwhile < most ? (size_t)worthwhile : most;
    if (most > 1)
        return problem->op == ASSAY_OP_CONV || problem->op == ASSAY_OP_DWCONV
                   ? split_window(problem, kernel, most, parts)
                   : split_matrix(problem, kernel, most, parts);
    parts[0] = (struct assay_layer_part){.problem = *problem};
    return 1;
}

uint64_t assay_layer_least_part(const struct assay_problem *problem)
{
    /* Depthwise ones take more time for each. */
    enum { LEAST = 1 << 18, LEAST_DEPTHWISE = 1 << 16 };
    return problem->op == ASSAY_OP_DWCONV ? LEAST_DEPTHWISE : LEAST;
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
