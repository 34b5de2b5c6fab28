#include "kernels/conv/convlines.h"

#include "kernels/core/caches.h"

#include <math.h>
#include <string.h>

/* The copy of one image, and what prepare works out once: at the beginning of scratch, with offsets in bytes. */
struct plan {
    struct assay_convlines_packed packed;
    struct assay_convlines_args args; /* what all calls share */
    struct assay_convlines_copy copying;
    size_t height; /* lines that the copy has room for */
    size_t lead;   /* bytes of a plane before its first place, for alignment */
    size_t offsets, lines, bytes;
};

const char *assay_convlines_supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_convlines *lines = kernel->detail;
    if (problem->conv.kernel_h * problem->conv.kernel_w == 1)
        return "it is made for windows of several pixels";
    if (problem->conv.in_c > lines->depth)
        return "it is made for fewer input channels";
    if (problem->conv.kernel_h > ASSAY_CONVLINES_KERNEL_MAX)
        return "it is made for windows of fewer lines";
    return NULL;
}

/* Lines `first` to before `end` of the window that begins at line `top` of the padded image lie in the image. */
static void lines_inside(const struct assay_conv_shape *s, size_t top, size_t *first, size_t *end)
{
    size_t i = 0;
    while (i < s->kernel_h && top + i * s->dilation_h < s->pad_top)
        i++;
    *first = i;
    while (i < s->kernel_h && top + i * s->dilation_h < s->pad_top + s->in_h)
        i++;
    *end = i;
    if (*first == *end)
        *first = *end = 0;
}

static double tiles_cost(const struct assay_convlines *lines, size_t pixels, double end, double steps)
{
    const struct assay_convlines_cost *cost = &lines->cost;
    const struct assay_convlines_tiles t =
        assay_convlines_tiles(pixels, ASSAY_CONVLINES_VECTOR / lines->depth, lines->vectors);
    double cycles = 0;
    for (size_t i = 0; i < t.tiles; i++) {
        const double vectors = (double)(t.vectors + (i < t.more));
        cycles += cost->tile + vectors * end + steps * fmax(cost->step, vectors * cost->product);
    }
    return cycles;
}

double assay_convlines_cost(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_convlines *lines = kernel->detail;
    const struct assay_conv_shape *s = &problem->conv;
    const double blocks = (double)(assay_round_up(s->out_c, lines->depth) / lines->depth);
    const double phases = (double)lines->depth / 4;
    const bool clamped = assay_clamp_min_int(problem) >= problem->quantization.out_zero;
    const double rescaling = clamped ? lines->cost.end_clamped : lines->cost.end;
    double cycles = 0;
    for (size_t y = 0; y < s->out_h; y++) {
        size_t first, end;
        lines_inside(s, y * s->stride_h, &first, &end);
        cycles += blocks * tiles_cost(lines, s->out_w, rescaling, phases * (double)((end - first) * s->kernel_w));
    }
    const double pixels = (double)(s->in_h * s->in_w);
    const bool whole = s->in_c == lines->depth && s->in_stride == lines->depth && s->stride_w <= 2;
    const double copying =
        whole ? pixels * (double)lines->depth / ASSAY_CONVLINES_VECTOR * lines->cost.copy : pixels * lines->cost.copy;
    return (double)s->batch * (cycles + copying);
}

static struct plan plan_of(const struct assay_convlines *lines, const struct assay_problem *problem)
{
    const struct assay_conv_shape *s = &problem->conv;
    const size_t depth = lines->depth, of_vector = ASSAY_CONVLINES_VECTOR / depth;
    struct plan p = {.packed = assay_convlines_packed(lines, problem)};
    const size_t reach = (s->kernel_w - 1) * s->dilation_w;
    const size_t places = assay_round_up(s->out_w, of_vector) + reach / s->stride_w; /* of a plane */
    /* Pixels side by side are copied to whole vectors. */
    const size_t lead = s->stride_w == 1 ? assay_round_up(s->pad_left, of_vector) - s->pad_left : 0;
    const size_t all = places * s->stride_w;
    p.lead = lead * depth;
    p.copying = (struct assay_convlines_copy){
        .in_line = s->in_w * s->in_stride,
        .pixels = all > s->pad_left ? assay_min(s->in_w, all - s->pad_left) : 0,
        .in_c = s->in_c,
        .in_stride = s->in_stride,
        .first = s->pad_left,
        .planes = s->stride_w,
        .plane_bytes = assay_round_up((lead + places) * depth, ASSAY_CONVLINES_VECTOR),
    };
    const size_t pitch = p.copying.line_bytes = s->stride_w * p.copying.plane_bytes;
    p.bytes = sizeof(struct plan);
    p.bytes = assay_round_up(p.bytes, ASSAY_PACK_ALIGN);
    p.offsets = assay_append(&p.bytes, p.packed.taps * sizeof(size_t));
    /* So many that the lines which two fillings share do not count, and so few that they stay in the first-level cache.
     */
    const size_t window = (s->kernel_h - 1) * s->dilation_h + 1, wanted = assay_caches()->l1d / 4 / pitch;
    p.height = assay_min(s->in_h, wanted < window ? window : wanted);
    p.lines = assay_append(&p.bytes, p.height * pitch);
    return p;
}

size_t assay_convlines_scratch_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return plan_of(kernel->detail, problem).bytes;
}

bool assay_convlines_prepare(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                             const struct assay_io *io, void *scratch)
{
    (void)io;
    const struct assay_convlines *lines = kernel->detail;
    const struct assay_conv_shape *s = &problem->conv;
    struct plan *plan = scratch;
    *plan = plan_of(lines, problem);
    char *base = scratch;
    size_t *offsets = (size_t *)(void *)(base + plan->offsets);
    for (size_t tap = 0; tap < plan->packed.taps; tap++) {
        const size_t x = tap % s->kernel_w * s->dilation_w;
        offsets[tap] = tap / s->kernel_w * s->dilation_h * plan->copying.line_bytes +
                       x % s->stride_w * plan->copying.plane_bytes + plan->lead + x / s->stride_w * lines->depth;
    }
    memset(base + plan->lines, problem->quantization.in_zero ^ 0x80, plan->height * plan->copying.line_bytes);
    plan->args = (struct assay_convlines_args){
        .pixels = s->out_w,
        .offsets = offsets,
        .in_line = s->stride_h * plan->copying.line_bytes,
        .out_line = s->out_w * s->out_stride,
        .phase_bytes = plan->packed.phase_bytes,
        .out_pixel = s->out_stride,
        .out_zero = problem->quantization.out_zero,
        .out_min = assay_clamp_min_int(problem),
        .out_max = assay_clamp_max_int(problem),
    };
    memcpy(&plan->args.rescale, (const char *)packed + plan->packed.rescale, sizeof(plan->args.rescale));
    return true;
}

/* All blocks of channels of some lines. */
static void run_lines(const struct assay_convlines *lines, const struct plan *plan, size_t out_c, const char *packed,
                      size_t range, struct assay_convlines_args *args)
{
    enum { LANES = ASSAY_CONVLINES_LANES };
    const struct assay_convlines_packed *p = &plan->packed;
    const size_t quarters = p->blocks * ASSAY_CONVLINES_QUARTERS;
    const int8_t *w = args->w;
    int8_t *out = args->out;
    args->bias = (const int32_t *)(const void *)(packed + p->bias) + range * quarters * LANES;
    args->multiplier = (const int32_t *)(const void *)(packed + p->multiplier);
    args->shift = (const int32_t *)(const void *)(packed + p->shift);
    args->floats = (const struct assay_convlines_floats *)(const void *)(packed + p->floats);
    for (size_t first = 0; first < out_c; first += lines->depth) {
        args->channels = assay_min(lines->depth, out_c - first);
        args->w = w;
        args->out = out + first;
        lines->run(args);
        w += p->phases * p->phase_bytes;
        args->bias += ASSAY_CONVLINES_QUARTERS * LANES;
        args->multiplier += ASSAY_CONVLINES_QUARTERS * LANES;
        args->shift += ASSAY_CONVLINES_QUARTERS * LANES;
        args->floats += ASSAY_CONVLINES_QUARTERS;
    }
}

/* The lines of the output from y on that the same lines of the window reach, and whose input, which ends before line
 * `limit` of the image, the copy has room for: how many there are. */
static size_t lines_alike(const struct assay_conv_shape *s, size_t y, size_t first, size_t end, size_t limit)
{
    size_t count = 1;
    for (; y + count < s->out_h; count++) {
        size_t its_first, its_end;
        lines_inside(s, (y + count) * s->stride_h, &its_first, &its_end);
        const size_t last = (y + count) * s->stride_h + (end - (end > 0)) * s->dilation_h;
        if (its_first != first || its_end != end || (end > 0 && last - s->pad_top >= limit))
            break;
    }
    return count;
}

static void run_image(const struct assay_convlines *lines, const struct assay_conv_shape *s, const char *packed,
                      const int8_t *image, int8_t *out, char *scratch)
{
    const struct plan *plan = (const struct plan *)(const void *)scratch;
    const struct assay_convlines_copy *copying = &plan->copying;
    uint8_t *copy = (uint8_t *)scratch + plan->lines;
    struct assay_convlines_args args = plan->args;
    args.in = copy;             /* where no line of a window lies in the image, nothing of it is read */
    size_t top = 0, copied = 0; /* lines `top` to before `copied` of the image are in the copy */
    for (size_t y = 0; y < s->out_h; y += args.lines) {
        size_t first, end;
        lines_inside(s, y * s->stride_h, &first, &end);
        const size_t reach = end > 0 ? (end - 1 - first) * s->dilation_h + 1 : 0;
        if (end > 0) {
            const size_t from = y * s->stride_h + first * s->dilation_h - s->pad_top;
            /* Of a dilated window the first line inside may lie above that of the line before. */
            if (from < top || from + reach > top + plan->height || copied < from)
                top = copied = from;
            args.lines = lines_alike(s, y, first, end, top + plan->height);
            const size_t to = from + (args.lines - 1) * s->stride_h + reach;
            if (copied < to)
                lines->copy(copying, to - copied, image + copied * copying->in_line,
                            copy + (copied - top) * copying->line_bytes + plan->lead);
            copied = to > copied ? to : copied;
            args.in = copy + (from - top) * copying->line_bytes;
        } else {
            args.lines = lines_alike(s, y, first, end, 0);
        }
        args.taps = (end - first) * s->kernel_w;
        args.w = (const int8_t *)packed + plan->packed.weights +
                 first * s->kernel_w * ASSAY_CONVLINES_QUARTERS * ASSAY_CONVLINES_VECTOR;
        args.out = out + y * args.out_line;
        run_lines(lines, plan, s->out_c, packed, assay_convlines_range(first, end), &args);
    }
}

void assay_convlines_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                         const struct assay_io *io, void *scratch)
{
    const struct assay_conv_shape *s = &problem->conv;
    const size_t in_image = s->in_h * s->in_w * s->in_stride, out_image = s->out_h * s->out_w * s->out_stride;
    for (size_t b = 0; b < s->batch && s->out_w > 0; b++)
        run_image(kernel->detail, s, packed, (const int8_t *)io->in + b * in_image, (int8_t *)io->out + b * out_image,
                  scratch);
}
