/* The order in which tiles are computed, and what happens before them. */
#include "kernels/core/window.h"
#include "kernels/gemm/igemm_layout.h"

#include <string.h>

enum { CACHE_LINE = 64 };

const char *assay_igemm_supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_igemm *igemm = kernel->detail;
    return igemm->supports ? igemm->supports(kernel, problem) : NULL;
}

void assay_igemm_fold_range(const struct assay_kernel *kernel, const float *x, size_t count, float *min, float *max)
{
    const struct assay_igemm *igemm = kernel->detail;
    (igemm->row_range ? igemm->row_range : assay_row_range)(x, count, min, max);
}

size_t assay_igemm_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return assay_igemm_layout(kernel->detail, problem).packed_bytes;
}

size_t assay_igemm_scratch_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return assay_igemm_layout(kernel->detail, problem).scratch_bytes;
}

/* Where output row `row` of a tile reads its tap; NULL where that lies in the padding. */
static const char *source(const struct assay_igemm_layout *l, const struct assay_problem *problem, const char *in,
                          size_t tile, size_t row, size_t tap)
{
    const size_t pixel_bytes = (l->stage == ASSAY_IGEMM_IN_PLACE ? l->in_stride : l->staged_stride) * l->in_size;
    if (l->by_rows)
        return in + (row - assay_igemm_first_row(l, tile / l->block * l->block)) * pixel_bytes;
    if (problem->op == ASSAY_OP_GEMM)
        return in + row * pixel_bytes;
    if (l->weave_taps > 0) {
        const size_t first = assay_igemm_first_row(l, tile / l->block * l->block), width = problem->conv.out_w;
        return in +
               ((row / width - first / width) * l->line_pitch + row % width * problem->conv.stride_w) * pixel_bytes;
    }
    struct assay_window window = problem->conv.window;
    if (l->merged) { /* in lines with their borders, a window's row begins at its first pixel */
        window.in_w = l->line_pitch;
        window.kernel_w = 1;
        window.pad_left = 0;
    }
    const size_t pixel = assay_window_source(&window, row, tap);
    return pixel == ASSAY_OUTSIDE ? NULL : in + pixel * pixel_bytes;
}

/* The pointers of a tile's rows for one tap. */
static void point_tap(const struct assay_igemm *igemm, const struct assay_igemm_layout *l,
                      const struct assay_problem *problem, const char *in, const char *padding, size_t tile, size_t tap,
                      const void **pointers)
{
    const size_t image = problem->op == ASSAY_OP_CONV ? problem->conv.out_h * problem->conv.out_w : 1;
    const size_t padding_step = problem->mode == ASSAY_MODE_HYBRID ? l->k : 0;
    const size_t first = assay_igemm_first_row(l, tile), last = assay_igemm_first_row(l, tile + 1) - 1;
    bool outside = true;
    for (size_t i = 0; i < l->mr; i++) {
        const size_t row = assay_min(first + i, last);
        const char *from = source(l, problem, in, tile, row, tap);
        outside = outside && !from;
        pointers[i] = from ? from : padding + row / image * padding_step;
    }
    if (outside && igemm->cheap_taps)
        pointers[0] = NULL;
}

static struct assay_igemm_args common_args(const struct assay_igemm_layout *l, const struct assay_problem *problem,
                                           const char *packed, char *scratch)
{
    struct assay_igemm_args args = {
        .taps = l->taps,
        .k = l->read_k,
        .c_stride = l->out_stride * l->out_size,
        .clamp = assay_clamps(problem),
        .clamp_min = assay_clamp_min(problem),
        .clamp_max = assay_clamp_max(problem),
    };
    if (assay_mode_is_integer(problem->mode)) {
        args.out_zero = problem->quantization.out_zero;
        args.out_min = assay_clamp_min_int(problem);
        args.out_max = assay_clamp_max_int(problem);
    }
    if (l->quantizes_row)
        args.room = scratch + l->staged;
    if (problem->mode == ASSAY_MODE_INT8)
        memcpy(&args.bounded, packed + l->columns.bounded, sizeof(args.bounded));
    if (l->columns.solved > 0) {
        memcpy(&args.way, packed + l->columns.way, sizeof(args.way));
        memcpy(&args.fits_int16, packed + l->columns.fits_int16, sizeof(args.fits_int16));
    }
    return args;
}

/* The columns of a call: a panel, or all. */
static void open_columns(const struct assay_igemm_layout *l, struct assay_igemm_args *args, const char *packed,
                         size_t call)
{
    const size_t column = call * l->call_cols;
    args->cols = assay_min(l->call_cols, l->cols - column);
    args->w = packed + l->panel0 + call * l->panel_bytes;
    args->next_weights = packed + l->panel0 + (call + 1 < l->calls ? call + 1 : 0) * l->panel_bytes;
    args->bias = packed + l->columns.bias + column * l->columns.bias_size;
    args->multiplier = (const int32_t *)(const void *)(packed + l->columns.multiplier) + column;
    args->shift = (const int32_t *)(const void *)(packed + l->columns.shift) + column;
    args->solved =
        (const union assay_rescale_lanes *)(const void *)(packed + l->columns.solved) + column / ASSAY_RESCALE_LANES;
    args->scale = (const float *)(const void *)(packed + l->columns.scale) + column;
    args->weight_sum = (const int32_t *)(const void *)(packed + l->columns.weight_sum) + column;
}

/* hybrid: the quantization of a tile's rows; of a gemm's, within the block that begins at row `first`. */
static void open_rows(const struct assay_igemm_layout *l, const struct assay_problem *problem, char *scratch,
                      size_t first, size_t row, struct assay_igemm_args *args)
{
    struct assay_row_quantization *params = (struct assay_row_quantization *)(void *)(scratch + l->row_params);
    if (problem->op == ASSAY_OP_GEMM) {
        args->row = params + (row - first);
        return;
    }
    const size_t batch = problem->conv.batch, pixels = problem->conv.out_h * problem->conv.out_w;
    const size_t image = batch > 1 ? row / pixels : 0, last = batch > 1 ? (row + args->rows - 1) / pixels : 0;
    args->same_row = image == last;
    args->row = params + (args->same_row ? image : batch) * l->mr;
    for (size_t i = 0; i < l->mr && !args->same_row; i++)
        params[batch * l->mr + i] = params[assay_min(row + i, l->rows - 1) / pixels * l->mr];
}

/* Tile number `tile`, or what of a strip begins with it: rows `row` to `end`, of the block that begins at `first`. */
static void open_tiles(const struct assay_igemm_layout *l, const struct assay_problem *problem,
                       struct assay_igemm_args *args, char *scratch, char *out, size_t call, size_t tile, size_t first,
                       size_t row, size_t end)
{
    args->rows = end - row;
    args->a = (const void *const *)(const void *)(scratch + l->pointers) + tile * l->taps * l->mr;
    args->c = out + (row * l->out_stride + call * l->call_cols) * l->out_size;
    if (l->stage == ASSAY_IGEMM_QUANTIZED)
        open_rows(l, problem, scratch, first, row, args);
}

bool assay_igemm_prepare(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                         const struct assay_io *io, void *scratch)
{
    const struct assay_igemm *igemm = kernel->detail;
    struct assay_igemm_plan *plan = scratch;
    plan->layout = assay_igemm_layout(igemm, problem);
    plan->args = common_args(&plan->layout, problem, packed, scratch);
    const struct assay_igemm_layout *l = &plan->layout;
    char *base = scratch;
    if (problem->mode != ASSAY_MODE_HYBRID) { /* which learns its zero points only when it runs */
        const int zero = problem->mode == ASSAY_MODE_INT8 ? problem->quantization.in_zero : 0;
        if (problem->op == ASSAY_OP_CONV && problem->conv.batch > 0)
            assay_igemm_fill(l, zero, l->padding_inputs, base + l->padding_row);
        if (l->stage != ASSAY_IGEMM_IN_PLACE && !l->by_rows)
            assay_igemm_stage_borders(l, zero, 0, l->weave_taps > 0 ? 1 : l->lines, base + l->staged);
    }
    const char *in = l->stage == ASSAY_IGEMM_IN_PLACE ? io->in : base + l->staged;
    const void **pointers = (const void **)(void *)(base + l->pointers);
    for (size_t t = 0; t < l->tiles * l->taps; t++)
        point_tap(igemm, l, problem, in, base + l->padding_row, t / l->taps, t % l->taps, pointers + t * l->mr);
    plan->is_one_call =
        l->tiles == 1 && l->calls == 1 && !(l->stage == ASSAY_IGEMM_QUANTIZED && problem->op == ASSAY_OP_CONV);
    if (plan->is_one_call) {
        open_columns(l, &plan->args, packed, 0);
        open_tiles(l, problem, &plan->args, scratch, io->out, 0, 0, 0, 0, l->rows);
    }
    return true;
}

/* Makes the input of the block at `tile` readable, whose rows end at `end`; returns how far the copy goes. */
static size_t stage_block(const struct assay_igemm_staging *s, size_t tile, size_t staged, size_t end)
{
    if (s->layout->weave_taps > 0) {
        assay_igemm_weave_block(s, tile);
        return end;
    }
    if (s->layout->stage == ASSAY_IGEMM_IN_PLACE || s->layout->ahead)
        return end;
    const size_t to = s->layout->by_rows ? end : assay_igemm_lines_read(s->layout, s->problem, end);
    if (s->layout->by_rows)
        assay_igemm_stage_rows(s, staged, to);
    else
        assay_igemm_stage_lines(s, staged, to);
    return to;
}

/* What the tile function quantizes beside the tiles from `tile` to `end`, if there is anything: their own rows, or the
 * lines that those of the next block are woven from. */
static bool open_ahead(const struct assay_igemm_staging *s, size_t tile, size_t end, struct assay_igemm_ahead *ahead)
{
    const struct assay_igemm_layout *l = s->layout;
    const size_t first_row = assay_igemm_first_row(l, tile), end_row = assay_igemm_first_row(l, end);
    if (!l->ahead || (l->weave_taps > 0 && end == l->tiles))
        return false;
    *ahead = l->weave_taps > 0 ? assay_igemm_lines_ahead(s, end)
                               : assay_igemm_pixels_ahead(s, first_row, end_row, l->staged);
    if (ahead->count >= end_row - first_row)
        return true;
    assay_igemm_stage_ahead(s, ahead);
    return false;
}

void assay_igemm_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                     const struct assay_io *io, void *scratch)
{
    const struct assay_igemm *igemm = kernel->detail;
    const struct assay_igemm_plan *plan = scratch;
    const struct assay_igemm_layout *l = &plan->layout;
    if (l->rows == 0 || l->cols == 0)
        return;
    if (plan->is_one_call && l->stage == ASSAY_IGEMM_IN_PLACE) {
        igemm->tile(&plan->args);
        return;
    }
    const struct assay_igemm_staging staging = {igemm, l, problem, io->in, scratch, io->group_parameters};
    if (plan->is_one_call) {
        stage_block(&staging, 0, 0, l->rows);
        igemm->tile(&plan->args);
        return;
    }
    if (l->stage == ASSAY_IGEMM_QUANTIZED && problem->op == ASSAY_OP_CONV)
        assay_igemm_stage_images(&staging);

    struct assay_igemm_args args = plan->args;
    const size_t steps = l->taps * (assay_round_up(l->k, l->kr) / l->kr);
    const bool strips = igemm->strips && (problem->op == ASSAY_OP_GEMM || problem->conv.batch == 1);
    struct assay_igemm_ahead ahead;
    size_t staged = 0; /* lines, or rows */
    for (size_t tile0 = 0; tile0 < l->tiles; tile0 += l->block) {
        const size_t end = assay_min(l->tiles, tile0 + l->block);
        staged = stage_block(&staging, tile0, staged, assay_igemm_first_row(l, end));
        const bool beside = open_ahead(&staging, tile0, end, &ahead);
        const size_t strip = strips ? end - tile0 : 1;
        for (size_t call = 0; call < l->calls; call++) {
            open_columns(l, &args, packed, call);
            args.ahead = beside && call == 0 ? &ahead : NULL;
            const char *const next = args.next_weights;
            const size_t first = assay_igemm_first_row(l, tile0);
            for (size_t tile = tile0, row = first, end_row; tile < end; tile += strip, row = end_row) {
                end_row = assay_igemm_first_row(l, tile + strip);
                open_tiles(l, problem, &args, scratch, io->out, call, tile, first, row, end_row);
                igemm->tile(&args);
                if (!igemm->fetches_weights)
                    continue;
                args.next_weights += steps * CACHE_LINE;
                args.next_weights = args.next_weights < next + l->panel_bytes ? args.next_weights : next;
            }
        }
    }
}
