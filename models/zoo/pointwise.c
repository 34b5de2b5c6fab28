/* RELU, RELU6 and ADD: a number at a time. */
#include "models/zoo/layer.h"

#include <math.h>

static zoo_real limit(const struct zoo_layer *layer)
{
    return layer->kind == ZOO_RELU6 ? 6 : (zoo_real)INFINITY;
}

ZOO_WIDE
void zoo_relu_forward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    const size_t count = pass->samples * zoo_numbers(layer->in);
    const zoo_real *restrict in = pass->in, most = limit(layer);
    zoo_real *restrict out = pass->out;
    for (size_t i = 0; i < count; i++) {
        const zoo_real positive = in[i] > 0 ? in[i] : 0;
        out[i] = positive < most ? positive : most;
    }
}

ZOO_WIDE
void zoo_relu_backward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    const size_t count = pass->samples * zoo_numbers(layer->in);
    const zoo_real *restrict in = pass->in, *restrict out_gradient = pass->out_gradient, most = limit(layer);
    zoo_real *restrict in_gradient = pass->in_gradient;
    for (size_t i = 0; i < count; i++) {
        const bool passes = (in[i] > 0) & (in[i] < most); /* no short cut, so that it is computed in vectors */
        in_gradient[i] += passes ? out_gradient[i] : 0;
    }
}

void zoo_add_forward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    const size_t count = pass->samples * zoo_numbers(layer->in);
    for (size_t i = 0; i < count; i++)
        pass->out[i] = pass->in[i] + pass->other[i];
}

void zoo_add_backward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    const size_t count = pass->samples * zoo_numbers(layer->in);
    for (size_t i = 0; i < count; i++)
        pass->in_gradient[i] += pass->out_gradient[i];
    for (size_t i = 0; i < count; i++)
        pass->other_gradient[i] += pass->out_gradient[i];
}
