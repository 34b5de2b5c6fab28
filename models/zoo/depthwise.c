/* DEPTHWISE: each channel has a window of its own. */
#include "models/zoo/layer.h"

#include <string.h>

/* Where a tap of the window at one place of the output lies: offsets of the first channel. */
typedef void tap_fn(const struct zoo_layer *layer, const struct zoo_pass *pass, size_t in, size_t weights, size_t out);

static inline __attribute__((always_inline)) void visit_taps(const struct zoo_layer *l, const struct zoo_pass *pass,
                                                             tap_fn *tap)
{
    const size_t top = zoo_padding(l->in.h, l->out.h, l->kernel, l->stride),
                 left = zoo_padding(l->in.w, l->out.w, l->kernel, l->stride);
    for (size_t place = 0; place < pass->samples * l->out.h * l->out.w; place++) {
        const size_t sample = place / (l->out.h * l->out.w), y = place / l->out.w % l->out.h, x = place % l->out.w;
        for (size_t i = 0; i < l->kernel * l->kernel; i++) {
            /* Less than nothing wraps to a large number: outside too. */
            const size_t row = y * l->stride + i / l->kernel - top, column = x * l->stride + i % l->kernel - left;
            if (row < l->in.h && column < l->in.w)
                tap(l, pass, ((sample * l->in.h + row) * l->in.w + column) * l->in.c, i * l->in.c, place * l->in.c);
        }
    }
}

static inline __attribute__((always_inline)) void
forward_tap(const struct zoo_layer *layer, const struct zoo_pass *pass, size_t in, size_t weights, size_t out)
{
    const zoo_real *restrict x = pass->in + in, *restrict w = layer->weights + weights;
    zoo_real *restrict y = pass->out + out;
    for (size_t c = 0; c < layer->in.c; c++)
        y[c] += x[c] * w[c];
}

static inline __attribute__((always_inline)) void
backward_tap(const struct zoo_layer *layer, const struct zoo_pass *pass, size_t in, size_t weights, size_t out)
{
    const zoo_real *restrict x = pass->in + in, *restrict w = layer->weights + weights,
                             *restrict dy = pass->out_gradient + out;
    zoo_real *restrict dw = layer->gradient + weights;
    for (size_t c = 0; c < layer->in.c; c++)
        dw[c] += x[c] * dy[c];
    if (!pass->in_gradient)
        return;
    zoo_real *restrict dx = pass->in_gradient + in;
    for (size_t c = 0; c < layer->in.c; c++)
        dx[c] += w[c] * dy[c];
}

ZOO_WIDE
void zoo_depthwise_forward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    memset(pass->out, 0, pass->samples * zoo_numbers(layer->out) * sizeof(*pass->out));
    visit_taps(layer, pass, forward_tap);
}

ZOO_WIDE
void zoo_depthwise_backward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    visit_taps(layer, pass, backward_tap);
}
