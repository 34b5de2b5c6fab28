/* CONV: a product of a matrix with a row for each place of the window ("columns", im2col) and the weights. A kernel of
 * 1 with stride 1 needs no such matrix: it is the image. */
#include "models/zoo/product.h"

#include <string.h>

static bool is_pointwise(const struct zoo_layer *layer)
{
    return layer->kernel == 1 && layer->stride == 1;
}

static size_t window_numbers(const struct zoo_layer *layer)
{
    return layer->kernel * layer->kernel * layer->in.c;
}

static size_t windows(const struct zoo_layer *layer, size_t samples)
{
    return samples * layer->out.h * layer->out.w;
}

static size_t columns_numbers(const struct zoo_layer *layer, size_t samples)
{
    return is_pointwise(layer) ? 0 : windows(layer, samples) * window_numbers(layer);
}

/* The columns, and the transposed weights. */
size_t zoo_conv_scratch(const struct zoo_layer *layer, size_t samples)
{
    return columns_numbers(layer, samples) + layer->weight_count;
}

/* Calls with each pixel of each window: `pixel` is its place in the images, or -1 in the padding. */
typedef void visit_fn(zoo_real *column, ptrdiff_t pixel, size_t channels, void *context);

static void visit_windows(const struct zoo_layer *l, size_t samples, zoo_real *columns, visit_fn *visit, void *context)
{
    const size_t top = zoo_padding(l->in.h, l->out.h, l->kernel, l->stride),
                 left = zoo_padding(l->in.w, l->out.w, l->kernel, l->stride);
    for (size_t place = 0; place < windows(l, samples); place++) {
        const size_t sample = place / (l->out.h * l->out.w), y = place / l->out.w % l->out.h, x = place % l->out.w;
        for (size_t tap = 0; tap < l->kernel * l->kernel; tap++, columns += l->in.c) {
            /* Less than nothing wraps to a large number: outside too. */
            const size_t row = y * l->stride + tap / l->kernel - top, column = x * l->stride + tap % l->kernel - left;
            const bool inside = row < l->in.h && column < l->in.w;
            visit(columns, inside ? (ptrdiff_t)((sample * l->in.h + row) * l->in.w + column) : -1, l->in.c, context);
        }
    }
}

static void gather(zoo_real *column, ptrdiff_t pixel, size_t channels, void *context)
{
    const zoo_real *image = context;
    if (pixel < 0)
        memset(column, 0, channels * sizeof(*column));
    else
        memcpy(column, image + (size_t)pixel * channels, channels * sizeof(*column));
}

static void scatter(zoo_real *column, ptrdiff_t pixel, size_t channels, void *context)
{
    zoo_real *gradient = context;
    for (size_t c = 0; pixel >= 0 && c < channels; c++)
        gradient[(size_t)pixel * channels + c] += column[c];
}

static const zoo_real *find_columns(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    if (is_pointwise(layer))
        return pass->in;
    visit_windows(layer, pass->samples, pass->scratch, gather, (void *)pass->in);
    return pass->scratch;
}

void zoo_conv_forward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    const size_t rows = windows(layer, pass->samples), depth = window_numbers(layer);
    memset(pass->out, 0, rows * layer->out.c * sizeof(*pass->out));
    zoo_product(rows, layer->out.c, depth, find_columns(layer, pass), depth, 1, layer->weights, pass->out);
}

void zoo_conv_backward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    const size_t rows = windows(layer, pass->samples), depth = window_numbers(layer),
                 column_numbers = columns_numbers(layer, pass->samples);
    zoo_product(depth, layer->out.c, rows, find_columns(layer, pass), 1, depth, pass->out_gradient, layer->gradient);
    if (!pass->in_gradient)
        return;
    zoo_real *turned = pass->scratch + column_numbers;
    zoo_transpose(depth, layer->out.c, layer->weights, turned);
    zoo_real *gradient = is_pointwise(layer) ? pass->in_gradient : pass->scratch;
    if (!is_pointwise(layer))
        memset(gradient, 0, column_numbers * sizeof(*gradient));
    zoo_product(rows, depth, layer->out.c, pass->out_gradient, layer->out.c, 1, turned, gradient);
    if (!is_pointwise(layer))
        visit_windows(layer, pass->samples, gradient, scatter, pass->in_gradient);
}
