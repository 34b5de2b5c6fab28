#include "kernels/dwconv/dwrows.h"

#include "kernels/core/columns.h"
#include "kernels/dwconv/dwlayout.h"

#include <string.h>

enum { PAGE = 4096, COLLIDING_PITCH = 1024 };

const char *assay_dwrows_supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_dwrows *dw = kernel->detail;
    const struct assay_dwconv_shape *s = &problem->dwconv;
    if (s->kernel_h != ASSAY_DWROWS_KERNEL || s->kernel_w != ASSAY_DWROWS_KERNEL || s->dilation_h != 1 ||
        s->dilation_w != 1)
        return "it is made for windows of 3x3";
    if (s->stride_h != s->stride_w || s->stride_h > ASSAY_DWROWS_STRIDE_MAX)
        return "it is made for strides of 1 and 2";
    size_t size = 0;
    const struct assay_dw_input input = assay_dw_input(problem, &size);
    if (dw->adjacent &&
        (input.channels != dw->cr || input.pixel_bytes != dw->cr * input.size || s->out_stride != dw->cr))
        return "it is made for pixels side by side, of so many channels";
    return NULL;
}

static size_t blocks(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_dwrows *dw = kernel->detail;
    return (assay_problem_channels(problem) + dw->cr - 1) / dw->cr;
}

double assay_dwrows_cost(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_dwrows *dw = kernel->detail;
    const struct assay_dwconv_shape *s = &problem->dwconv;
    const size_t stride = s->stride_h - 1, rows = dw->rows[stride];
    const size_t whole = s->out_h / rows, rest = s->out_h % rows;
    const double width = (double)s->out_w;
    const size_t channels = assay_problem_channels(problem);
    const double of_channels =
        (double)(dw->grain ? assay_round_up(channels, dw->grain) : blocks(kernel, problem) * dw->cr);
    return (double)s->batch * of_channels / (double)dw->cr *
           ((double)whole * (dw->cost.call + width * dw->cost.step[stride]) +
            (double)rest * (dw->cost.call + width * dw->cost.single[stride]));
}

void assay_dwrows_fold_range(const struct assay_kernel *kernel, const float *x, size_t count, float *min, float *max)
{
    const struct assay_dwrows *dw = kernel->detail;
    (dw->row_range ? dw->row_range : assay_row_range)(x, count, min, max);
}

size_t assay_dwrows_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_dwrows *dw = kernel->detail;
    return blocks(kernel, problem) * dw->block_bytes;
}

/* In the scratch: two blocks' outputs of as many rows as are computed at once (run_rows_late). */
static size_t append_buffer(const struct assay_dwrows *dw, const struct assay_problem *problem, size_t *size)
{
    const struct assay_dwconv_shape *s = &problem->dwconv;
    const size_t out_size = assay_type_size(assay_mode_output(problem->mode));
    return assay_append(size, 2 * dw->rows[s->stride_h - 1] * s->out_w * dw->cr * out_size);
}

size_t assay_dwrows_scratch_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    size_t size = 0;
    assay_dw_input(problem, &size);
    append_buffer(kernel->detail, problem, &size);
    return size;
}

bool assay_dwrows_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                       const struct assay_weights *weights, void *packed)
{
    const struct assay_dwrows *dw = kernel->detail;
    const size_t channels = assay_problem_channels(problem);
    memset(packed, 0, assay_dwrows_packed_size(kernel, problem));
    char *block = packed;
    for (size_t first = 0; first < channels; first += dw->cr, block += dw->block_bytes)
        dw->pack(problem, weights, first, assay_min(dw->cr, channels - first), block);
    return true;
}

bool assay_dwrows_prepare(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                          const struct assay_io *io, void *scratch)
{
    (void)kernel;
    (void)packed;
    (void)io;
    size_t size = 0;
    const struct assay_dw_input input = assay_dw_input(problem, &size);
    assay_dw_input_prepare(&input, problem, scratch);
    return true;
}

/* The input rows of output row y and those after it, of image b, at channel 0. */
static void set_rows(struct assay_dwrows_args *args, const struct assay_dwconv_shape *s,
                     const struct assay_dw_input *input, const char *first, const char *scratch, size_t b, size_t y)
{
    for (size_t i = 0; i < (args->rows - 1) * s->stride_h + ASSAY_DWROWS_KERNEL; i++) {
        /* One subtraction turns "before the image" into a number beyond its end. */
        const size_t in_y = y * s->stride_h + i - s->pad_top;
        const bool inside = in_y < s->in_h;
        args->in[i] = inside ? first + (b * s->in_h + in_y) * s->in_w * input->pixel_bytes
                             : scratch + input->padding + b * input->padding_step;
        args->step[i] = inside ? input->pixel_bytes : 0;
    }
}

/* Whether the outputs of a block of channels are stored to the same places of a page as its inputs are loaded from, and
 * that often: where pixels are a large power of two apart, few places are all there are. A load that follows such a
 * store closely waits for it, and both compete for the same lines of the cache. `block`: bytes of a pixel. */
static bool collide(const struct assay_dw_input *input, size_t block, const char *in, const char *out)
{
    const size_t pitch = assay_min(input->pixel_bytes & (0 - input->pixel_bytes), PAGE);
    const size_t apart = (size_t)((uintptr_t)out - (uintptr_t)in) % pitch;
    return pitch >= COLLIDING_PITCH && (apart < block || apart > pitch - block);
}

/* All blocks of channels of the rows that args->in begins with. It moves what args points at: a copy would be read in
 * wider pieces than set_rows() has just written, which takes a processor as long as some pixels. */
static void run_rows(const struct assay_dwrows *dw, const struct assay_dw_input *input, const char *packed,
                     size_t out_size, struct assay_dwrows_args *args)
{
    args->block = packed;
    for (size_t first = 0; first < input->channels; first += dw->cr) {
        args->channels = assay_min(dw->cr, input->channels - first);
        dw->run(args);
        for (size_t i = 0; i < ASSAY_DWROWS_IN_MAX && args->in[i]; i++)
            args->in[i] += dw->cr * input->size;
        args->out += dw->cr * out_size;
        args->block = (const char *)args->block + dw->block_bytes;
    }
}

/* The same, with the outputs of a block stored while the next one is computed. */
static void run_rows_late(const struct assay_dwrows *dw, const struct assay_dw_input *input, const char *packed,
                          size_t out_size, struct assay_dwrows_args *args, char *buffer)
{
    const size_t pixel = dw->cr * out_size, row = args->out_w * pixel;
    char *out = args->out;
    args->late_row = args->out_row;
    args->late_pixel = args->out_pixel;
    args->out_row = row;
    args->out_pixel = pixel;
    args->block = packed;
    for (size_t first = 0; first < input->channels; first += dw->cr) {
        const size_t which = first / dw->cr % 2;
        args->channels = assay_min(dw->cr, input->channels - first);
        args->out = buffer + which * args->rows * row;
        args->late_from = buffer + (1 - which) * args->rows * row;
        args->late = first > 0 ? out + (first - dw->cr) * out_size : NULL;
        dw->run(args);
        for (size_t i = 0; i < ASSAY_DWROWS_IN_MAX; i++)
            args->in[i] += dw->cr * input->size;
        args->block = (const char *)args->block + dw->block_bytes;
    }
    const size_t last = input->channels - args->channels;
    for (size_t i = 0; i < args->rows * args->out_w; i++)
        memcpy(out + last * out_size + i / args->out_w * args->late_row + i % args->out_w * args->late_pixel,
               args->out + i * pixel, args->channels * out_size);
    args->out_row = args->late_row;
    args->out_pixel = args->late_pixel;
    args->late = NULL;
}

void assay_dwrows_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                      const struct assay_io *io, void *scratch)
{
    const struct assay_dwrows *dw = kernel->detail;
    const struct assay_dwconv_shape *s = &problem->dwconv;
    const size_t out_size = assay_type_size(assay_mode_output(problem->mode));
    size_t size = 0;
    const struct assay_dw_input input = assay_dw_input(problem, &size);
    const size_t buffer = append_buffer(dw, problem, &size);
    struct assay_dwrows_args args = {
        .stride = s->stride_h,
        .in_w = s->in_w,
        .out_w = s->out_w,
        .pad_left = s->pad_left,
        .out_row = s->out_w * s->out_stride * out_size,
        .out_pixel = s->out_stride * out_size,
        .clamp = assay_clamps(problem),
        .clamp_min = assay_clamp_min(problem),
        .clamp_max = assay_clamp_max(problem),
    };
    if (assay_mode_is_integer(problem->mode)) {
        args.in_zero = problem->mode == ASSAY_MODE_INT8 ? problem->quantization.in_zero : 0;
        args.out_zero = problem->quantization.out_zero;
        args.out_min = assay_clamp_min_int(problem);
        args.out_max = assay_clamp_max_int(problem);
    }
    const size_t rows = dw->rows[s->stride_h - 1];
    const char *first = assay_dw_input_first(&input, io, scratch);
    for (size_t b = 0; b < s->batch; b++) {
        args.row = assay_dw_input_copy(&input, problem, dw->row_range, dw->row_quantize, io, b, scratch);
        if (input.hybrid)
            args.in_zero = args.row.zero;
        for (size_t y = 0; y < s->out_h; y += rows) {
            args.rows = assay_min(rows, s->out_h - y);
            args.out = (char *)io->out + (b * s->out_h + y) * args.out_row;
            set_rows(&args, s, &input, first, scratch, b, y);
            if (collide(&input, dw->cr * out_size, first, args.out))
                run_rows_late(dw, &input, packed, out_size, &args, (char *)scratch + buffer);
            else
                run_rows(dw, &input, packed, out_size, &args);
        }
    }
}
