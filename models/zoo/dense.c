#include "models/zoo/product.h"

#include <string.h>

/* The transposed weights. */
size_t zoo_dense_scratch(const struct zoo_layer *layer, size_t samples)
{
    (void)samples;
    return layer->weight_count;
}

void zoo_dense_forward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    const size_t in = zoo_numbers(layer->in), out = layer->out.c;
    const zoo_real *bias = layer->weights + in * out;
    for (size_t i = 0; i < pass->samples; i++)
        memcpy(pass->out + i * out, bias, out * sizeof(*bias));
    zoo_product(pass->samples, out, in, pass->in, in, 1, layer->weights, pass->out);
}

void zoo_dense_backward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    const size_t in = zoo_numbers(layer->in), out = layer->out.c;
    zoo_product(in, out, pass->samples, pass->in, 1, in, pass->out_gradient, layer->gradient);
    zoo_real *bias_gradient = layer->gradient + in * out;
    for (size_t i = 0; i < pass->samples; i++)
        for (size_t j = 0; j < out; j++)
            bias_gradient[j] += pass->out_gradient[i * out + j];
    if (!pass->in_gradient)
        return;
    zoo_transpose(in, out, layer->weights, pass->scratch);
    zoo_product(pass->samples, in, out, pass->out_gradient, out, 1, pass->scratch, pass->in_gradient);
}
