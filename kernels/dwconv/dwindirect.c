#include "kernels/dwconv/dwindirect.h"

#include "kernels/core/window.h"
#include "kernels/dwconv/dwlayout.h"

#include <math.h>
#include <string.h>

/* Output pixels that a micro-kernel is given at once: enough to keep a block's weights in registers for a while, few
 * enough that the input rows they share stay in the first-level cache. Whole pairs of output rows, so that neighbours
 * share them. */
enum { PIXELS_AT_ONCE = 64 };

struct layout {
    size_t channels, taps, cr, blocks;
    size_t out_pixels, images;
    size_t out_size; /* bytes of an element */
    /* Packed weights: offsets in bytes. */
    struct assay_columns columns;
    size_t weights, weight_size, packed_bytes;
    /* Scratch: offsets in bytes. */
    struct assay_dw_input input;
    size_t pointers, scratch_bytes;
};

static struct layout lay_out(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_dwindirect *dw = kernel->detail;
    const struct assay_dwconv_shape *s = &problem->dwconv;
    struct layout l = {
        .channels = s->in_c * s->multiplier,
        .taps = s->kernel_h * s->kernel_w,
        .cr = dw->scalable_cr ? dw->scalable_cr() : dw->cr,
        .out_pixels = s->batch * s->out_h * s->out_w,
        .images = s->batch,
        .out_size = assay_type_size(assay_mode_output(problem->mode)),
        .weight_size = assay_pack_element_size(dw->element, problem->mode),
    };
    l.blocks = (l.channels + l.cr - 1) / l.cr;

    size_t size = 0;
    l.columns = assay_columns_layout(problem->mode, l.blocks * l.cr, &size);
    l.weights = assay_append(&size, l.blocks * l.taps * l.cr * l.weight_size);
    l.packed_bytes = size;

    size = 0;
    l.pointers = assay_append(&size, l.out_pixels * l.taps * sizeof(void *));
    l.input = assay_dw_input(problem, &size);
    l.scratch_bytes = size;
    return l;
}

const char *assay_dwindirect_supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_dwindirect *dw = kernel->detail;
    return dw->supports ? dw->supports(kernel, problem) : NULL;
}

double assay_dwindirect_cost(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_dwindirect *dw = kernel->detail;
    if (!(dw->cost.tap > 0))
        return NAN;
    const struct layout l = lay_out(kernel, problem);
    return (double)(l.out_pixels * l.blocks) * (dw->cost.pixel + (double)l.taps * dw->cost.tap);
}

void assay_dwindirect_fold_range(const struct assay_kernel *kernel, const float *x, size_t count, float *min,
                                 float *max)
{
    const struct assay_dwindirect *dw = kernel->detail;
    (dw->row_range ? dw->row_range : assay_row_range)(x, count, min, max);
}

size_t assay_dwindirect_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return lay_out(kernel, problem).packed_bytes;
}

size_t assay_dwindirect_scratch_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return lay_out(kernel, problem).scratch_bytes;
}

bool assay_dwindirect_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                           const struct assay_weights *weights, void *packed)
{
    const struct assay_dwindirect *dw = kernel->detail;
    const struct layout l = lay_out(kernel, problem);
    const size_t source_size = assay_type_size(assay_mode_weight(problem->mode));
    const char *source = weights->values;
    char *base = packed;
    memset(base, 0, l.packed_bytes);
    for (size_t c = 0; c < l.channels; c++)
        for (size_t tap = 0; tap < l.taps; tap++)
            assay_pack_element_copy(dw->element, problem->mode, source + (tap * l.channels + c) * source_size,
                                    base + l.weights + ((c / l.cr * l.taps + tap) * l.cr + c % l.cr) * l.weight_size);
    assay_columns_pack(&l.columns, problem, weights, 1, l.channels, dw->input_offset, packed);
    return true;
}

bool assay_dwindirect_prepare(const struct assay_kernel *kernel, const struct assay_problem *problem,
                              const void *packed, const struct assay_io *io, void *scratch)
{
    (void)packed;
    const struct layout l = lay_out(kernel, problem);
    const struct assay_window window = assay_window_of(problem);
    char *base = scratch;
    assay_dw_input_prepare(&l.input, problem, base);
    assay_window_pointers(&window, 1, assay_dw_input_first(&l.input, io, base), l.input.pixel_bytes,
                          base + l.input.padding, l.input.padding_step, (const void **)(void *)(base + l.pointers));
    return true;
}

/* The pixels of a row of the output whose windows are within the image's width. */
static void find_interior(const struct assay_dwconv_shape *s, struct assay_dw_args *args)
{
    const size_t reach = (s->kernel_w - 1) * s->dilation_w + 1, width = s->in_w + s->pad_left;
    args->row_pixels = s->out_w;
    args->kernel_w = s->kernel_w;
    args->dilation_w = s->dilation_w;
    args->stride_w = s->stride_w;
    args->pad_left = s->pad_left;
    args->interior_end = width < reach ? 0 : assay_min(s->out_w, (width - reach) / s->stride_w + 1);
    args->interior_begin = assay_min((s->pad_left + s->stride_w - 1) / s->stride_w, args->interior_end);
}

void assay_dwindirect_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                          const struct assay_io *io, void *scratch)
{
    const struct assay_dwindirect *dw = kernel->detail;
    const struct assay_dwconv_shape *s = &problem->dwconv;
    const struct layout l = lay_out(kernel, problem);
    const size_t image = s->out_h * s->out_w;
    if (l.out_pixels == 0 || l.channels == 0)
        return;

    const char *base = packed;
    struct assay_dw_args args = {
        .channels = l.channels,
        .taps = l.taps,
        .w = base + l.weights,
        .out_stride = s->out_stride * l.out_size,
        .bias = base + l.columns.bias,
        .multiplier = (const int32_t *)(const void *)(base + l.columns.multiplier),
        .shift = (const int32_t *)(const void *)(base + l.columns.shift),
        .scale = (const float *)(const void *)(base + l.columns.scale),
        .weight_sum = (const int32_t *)(const void *)(base + l.columns.weight_sum),
        .clamp = assay_clamps(problem),
        .clamp_min = assay_clamp_min(problem),
        .clamp_max = assay_clamp_max(problem),
    };
    if (assay_mode_is_integer(problem->mode)) {
        args.out_zero = problem->quantization.out_zero;
        args.out_min = assay_clamp_min_int(problem);
        args.out_max = assay_clamp_max_int(problem);
    }
    find_interior(s, &args);
    const void *const *pointers = (const void *const *)(const void *)((char *)scratch + l.pointers);
    const size_t at_once = assay_round_up(PIXELS_AT_ONCE, 2 * s->out_w);
    for (size_t b = 0; b < l.images; b++) {
        args.row = assay_dw_input_copy(&l.input, problem, dw->row_range, dw->row_quantize, io, b, scratch);
        args.row.zero += dw->input_offset;
        for (size_t p = 0; p < image; p += at_once) {
            const size_t pixel = b * image + p;
            args.pixels = assay_min(at_once, image - p);
            args.in = pointers + pixel * l.taps;
            args.out = (char *)io->out + pixel * args.out_stride;
            dw->run(&args);
        }
    }
}
