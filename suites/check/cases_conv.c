/* conv and dwconv: the same windows over the same images. */
#include "suites/check/cases_parts.h"

#include <stdio.h>

enum padding { SAME, VALID, EXPLICIT };

struct window {
    size_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w;
    enum padding padding;
    size_t in_h, in_w, batch;
};

static void pad_axis(enum padding padding, size_t in, size_t kernel, size_t stride, size_t dilation, size_t *out,
                     size_t *before)
{
    const size_t reach = (kernel - 1) * dilation + 1;
    if (padding == SAME) {
        assay_pad_same(in, kernel, stride, dilation, out, before);
        return;
    }
    *before = padding == EXPLICIT ? reach + 1 : 0;
    *out = assay_pad_explicit(in, kernel, stride, dilation, *before, padding == EXPLICIT ? reach : 0);
}

/* As a shape has it. */
static struct assay_window shape_window(const struct window *w)
{
    struct assay_window shape = {
        .batch = w->batch,
        .in_h = w->in_h,
        .in_w = w->in_w,
        .kernel_h = w->kernel_h,
        .kernel_w = w->kernel_w,
        .stride_h = w->stride_h,
        .stride_w = w->stride_w,
        .dilation_h = w->dilation_h,
        .dilation_w = w->dilation_w,
    };
    pad_axis(w->padding, w->in_h, w->kernel_h, w->stride_h, w->dilation_h, &shape.out_h, &shape.pad_top);
    pad_axis(w->padding, w->in_w, w->kernel_w, w->stride_w, w->dilation_w, &shape.out_w, &shape.pad_left);
    return shape;
}

/* Chosen so that each value of each member comes early, and strange ones meet: padding wider than the kernel, windows
 * that see nothing of the image, images smaller than the window, both axes different. */
static const struct window windows[] = {
    {3, 3, 1, 1, 1, 1, SAME, 5, 6, 1},     {1, 1, 1, 1, 1, 1, VALID, 3, 5, 2},  {3, 3, 2, 2, 1, 1, SAME, 7, 7, 2},
    {3, 2, 1, 2, 1, 1, VALID, 6, 5, 1},    {3, 3, 1, 1, 2, 2, SAME, 6, 7, 1},   {1, 3, 3, 1, 1, 2, EXPLICIT, 4, 3, 1},
    {7, 7, 1, 1, 1, 1, SAME, 1, 1, 1},     {5, 5, 2, 3, 1, 1, SAME, 9, 8, 1},   {2, 2, 1, 1, 1, 1, EXPLICIT, 1, 2, 2},
    {3, 3, 3, 3, 3, 1, EXPLICIT, 8, 5, 1}, {7, 1, 1, 1, 1, 1, SAME, 7, 2, 1},   {1, 1, 2, 2, 1, 1, SAME, 7, 5, 2},
    {3, 3, 2, 1, 1, 1, SAME, 13, 11, 1},   {3, 3, 1, 1, 1, 1, VALID, 17, 4, 3}, {5, 3, 1, 1, 2, 3, SAME, 9, 9, 1},
    {4, 4, 1, 1, 1, 1, SAME, 6, 6, 1},     {3, 3, 1, 1, 1, 1, SAME, 19, 23, 1}, {1, 1, 1, 1, 1, 1, VALID, 1, 1, 1},
    {3, 3, 1, 1, 1, 1, VALID, 2, 2, 1},    {10, 4, 2, 2, 1, 1, SAME, 13, 5, 1}, {3, 3, 1, 1, 1, 1, EXPLICIT, 4, 3, 1},
    {3, 3, 2, 2, 1, 1, EXPLICIT, 5, 2, 2}, {3, 3, 2, 2, 1, 1, SAME, 8, 10, 1},  {3, 3, 2, 2, 1, 1, VALID, 9, 6, 1},
};
enum { WINDOWS = sizeof(windows) / sizeof(windows[0]), QUICK_WINDOWS = 10 };

static void name_case(struct layer_case *c, const struct window *w, size_t in_c, size_t out_c)
{
    static const char *const paddings[] = {"same", "valid", "pad"};
    snprintf(c->name, sizeof(c->name), "%zux%zux%zux%zu->%zu k%zux%zu s%zux%zu d%zux%zu %s", w->batch, w->in_h, w->in_w,
             in_c, out_c, w->kernel_h, w->kernel_w, w->stride_h, w->stride_w, w->dilation_h, w->dilation_w,
             paddings[w->padding]);
}

static bool emit_conv(struct cases *cases, struct window w, size_t in_c, size_t out_c, bool gaps,
                      enum layer_values values)
{
    const size_t in_gaps[] = {0, 1, 5}, out_gaps[] = {3, 0, 1, 0};
    const unsigned i = cases->index;
    struct layer_case c = {.op = ASSAY_OP_CONV};
    struct assay_conv_shape *s = &c.conv;
    for (;;) {
        s->window = shape_window(&w);
        const uint64_t per_input = (uint64_t)w.batch * s->out_h * s->out_w * out_c * w.kernel_h * w.kernel_w;
        if (per_input * in_c <= cases->budget)
            break;
        if (in_c > 5 && in_c > cases->tile.k + 1)
            in_c = in_c / 2 > cases->tile.k + 1 ? in_c / 2 : cases->tile.k + 1;
        else if (w.in_h > 3 && s->out_h * s->out_w > cases->tile.m + 1)
            w.in_h--;
        else if (w.batch > 2)
            w.batch--;
        else
            break;
    }
    s->in_c = in_c;
    s->out_c = out_c;
    s->in_stride = in_c + (gaps ? in_gaps[i % 3] : 0);
    s->out_stride = out_c + (gaps ? out_gaps[i % 4] : 0);
    name_case(&c, &w, in_c, out_c);
    return cases_emit(cases, &c, values);
}

static bool emit_dwconv(struct cases *cases, struct window w, size_t in_c, size_t multiplier, bool gaps,
                        enum layer_values values)
{
    const size_t in_gaps[] = {0, 1, 5}, out_gaps[] = {3, 0, 1, 0};
    const unsigned i = cases->index;
    struct layer_case c = {.op = ASSAY_OP_DWCONV};
    struct assay_dwconv_shape *s = &c.dwconv;
    const size_t out_c = in_c * multiplier;
    for (;;) {
        s->window = shape_window(&w);
        if ((uint64_t)w.batch * s->out_h * s->out_w * out_c * w.kernel_h * w.kernel_w <= cases->budget || w.in_h < 4)
            break;
        w.in_h--;
    }
    s->in_c = in_c;
    s->multiplier = multiplier;
    s->in_stride = in_c + (gaps ? in_gaps[i % 3] : 0);
    s->out_stride = out_c + (gaps ? out_gaps[i % 4] : 0);
    name_case(&c, &w, in_c, out_c);
    return cases_emit(cases, &c, values);
}

/* Layers of a tile's channels without gaps: kernels that compute pixels side by side take no others. */
static bool cases_dwconv_adjacent(struct cases *cases)
{
    static const unsigned of_windows[] = {0, 22, 13, 20, 21, 16, 18, 23};
    const size_t n = cases->tile.n, count = sizeof(of_windows) / sizeof(of_windows[0]);
    for (size_t i = 0; i < (cases->full ? count : 4); i++)
        if (!emit_dwconv(cases, windows[of_windows[i]], n, 1, false, VALUES_TYPICAL))
            return false;
    for (int v = VALUES_TYPICAL + 1; v < VALUES_COUNT; v++)
        if (layer_values_apply((enum layer_values)v, ASSAY_OP_DWCONV, cases->kernel->mode) &&
            !emit_dwconv(cases, windows[0], n, 1, false, (enum layer_values)v))
            return false;
    return true;
}

/* Pixels side by side, of as many channels as a kernel of few input channels takes, in all values; and a dilated window
 * whose first line inside the image is not the image's first. */
static bool cases_conv_adjacent(struct cases *cases)
{
    static const unsigned of_windows[] = {0, 22, 13, 20, 21, 16, 18, 23};
    const size_t n = cases->tile.n, count = sizeof(of_windows) / sizeof(of_windows[0]);
    for (size_t i = 0; i < (cases->full ? count : 4); i++)
        if (!emit_conv(cases, windows[of_windows[i]], n, n, false, VALUES_TYPICAL))
            return false;
    struct window dilated = windows[0];
    dilated.kernel_h = dilated.kernel_w = 4;
    dilated.dilation_h = dilated.dilation_w = 2;
    if (!emit_conv(cases, dilated, n, n, false, VALUES_TYPICAL))
        return false;
    for (int v = VALUES_TYPICAL + 1; v < VALUES_COUNT; v++)
        if (layer_values_apply((enum layer_values)v, ASSAY_OP_CONV, cases->kernel->mode) &&
            !emit_conv(cases, windows[0], n, n + 1, false, (enum layer_values)v))
            return false;
    return true;
}

/* Images of few channels, side by side: lines of a window that a kernel may put together, short and long ones. */
static bool cases_conv_few(struct cases *cases)
{
    static const struct window of_few[] = {
        {3, 3, 2, 2, 1, 1, SAME, 9, 40, 1},     {3, 3, 1, 1, 1, 1, SAME, 5, 29, 2},
        {5, 5, 2, 1, 2, 1, EXPLICIT, 7, 21, 1}, {2, 2, 1, 1, 1, 1, EXPLICIT, 1, 2, 2},
        {7, 7, 2, 2, 1, 1, SAME, 13, 15, 1},    {4, 3, 3, 2, 1, 1, VALID, 11, 33, 1},
        {6, 2, 1, 3, 1, 1, SAME, 8, 9, 2},      {3, 1, 2, 2, 3, 1, SAME, 10, 7, 1},
        {9, 3, 1, 1, 1, 1, SAME, 9, 5, 1},      {3, 3, 1, 1, 1, 1, SAME, 6, 31, 1},
        {2, 3, 1, 1, 1, 1, VALID, 7, 19, 1},    {6, 3, 1, 3, 1, 1, SAME, 8, 9, 1},
    };
    static const size_t channels[] = {3, 1, 2, 5, 3, 7, 1, 9, 2, 3, 2, 3};
    const size_t count = sizeof(of_few) / sizeof(of_few[0]);
    for (size_t i = 0; i < (cases->full ? 2 * count : 3); i++)
        if (!emit_conv(cases, of_few[i % count], channels[(i + i / count) % count], cases->tile.n + i % 2, false,
                       VALUES_TYPICAL))
            return false;
    return true;
}

/* Pixels side by side of which each is a row of a product: as many as tiles have, one or two more, and many tiles. */
static bool cases_conv_pixels(struct cases *cases)
{
    const size_t m = cases->tile.m, n = cases->tile.n;
    const size_t pixels[] = {2 * m + 1, 3 * m, 4 * m + 2, 2, 5 * m + 1, m + 1, 1};
    static const size_t depths[] = {35, 24, 20, 17, 32, 129, 12};
    const size_t widths[] = {n, n + 1, n, 2 * n + 3, n, 2 * n, n - n / 4};
    const size_t count = sizeof(pixels) / sizeof(pixels[0]);
    for (size_t i = 0; i < (cases->full ? 3 * count : 5); i++) {
        const struct window w = {1, 1, 1, 1, 1, 1, VALID, 1, pixels[i % count], 1};
        if (!emit_conv(cases, w, depths[(i + 2 * (i / count)) % count], widths[(i + i / count) % count], false,
                       VALUES_TYPICAL))
            return false;
    }
    return true;
}

bool cases_conv(struct cases *cases)
{
    size_t n[CASES_AXIS], k[CASES_AXIS + 1];
    const size_t ns = cases_axis(cases->tile.n, n);
    size_t ks = cases_axis(cases->tile.k, k);
    k[ks++] = 3;
    const unsigned count = cases->full ? 3 * WINDOWS : QUICK_WINDOWS;
    for (unsigned i = 0; i < count; i++)
        if (!emit_conv(cases, windows[i % WINDOWS], k[(i * 3 + i / WINDOWS) % ks], n[(i + i / WINDOWS) % ns], true,
                       VALUES_TYPICAL))
            return false;
    for (int v = VALUES_TYPICAL + 1; v < VALUES_COUNT; v++)
        if (layer_values_apply((enum layer_values)v, ASSAY_OP_CONV, cases->kernel->mode) &&
            !emit_conv(cases, windows[v % 3], 2 * cases->tile.k + 3, cases->tile.n + 1, true, (enum layer_values)v))
            return false;
    return cases_conv_adjacent(cases) && cases_conv_few(cases) && cases_conv_pixels(cases);
}

bool cases_dwconv(struct cases *cases)
{
    static const size_t multipliers[] = {1, 2, 1, 8, 1, 3};
    size_t n[CASES_AXIS];
    const size_t ns = cases_axis(cases->tile.n, n);
    const unsigned count = cases->full ? 3 * WINDOWS : QUICK_WINDOWS;
    for (unsigned i = 0; i < count; i++) {
        const size_t multiplier = multipliers[i % 6], out_c = n[(i + i / WINDOWS) % ns];
        /* For a multiplier above 1 the edge of the tile lies at a number of outputs. */
        const size_t in_c = (out_c + multiplier - 1) / multiplier;
        if (!emit_dwconv(cases, windows[i % WINDOWS], in_c, multiplier, true, VALUES_TYPICAL))
            return false;
    }
    for (int v = VALUES_TYPICAL + 1; v < VALUES_COUNT; v++)
        if (layer_values_apply((enum layer_values)v, ASSAY_OP_DWCONV, cases->kernel->mode) &&
            !emit_dwconv(cases, windows[v % 3 == 1 ? 3 : v % 3], cases->tile.n + 1, 1 + (size_t)(v % 4 == 1), true,
                         (enum layer_values)v))
            return false;
    return cases_dwconv_adjacent(cases);
}
