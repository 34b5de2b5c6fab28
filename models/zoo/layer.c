#include "models/zoo/layer.h"

static const struct kind {
    void (*forward)(const struct zoo_layer *layer, const struct zoo_pass *pass);
    void (*backward)(const struct zoo_layer *layer, const struct zoo_pass *pass);
    size_t (*scratch)(const struct zoo_layer *layer, size_t samples); /* NULL: none */
} kinds[ZOO_KINDS] = {
    [ZOO_CONV] = {zoo_conv_forward, zoo_conv_backward, zoo_conv_scratch},
    [ZOO_DEPTHWISE] = {zoo_depthwise_forward, zoo_depthwise_backward, NULL},
    [ZOO_DENSE] = {zoo_dense_forward, zoo_dense_backward, zoo_dense_scratch},
    [ZOO_NORM] = {zoo_norm_forward, zoo_norm_backward, NULL},
    [ZOO_RELU] = {zoo_relu_forward, zoo_relu_backward, NULL},
    [ZOO_RELU6] = {zoo_relu_forward, zoo_relu_backward, NULL},
    [ZOO_ADD] = {zoo_add_forward, zoo_add_backward, NULL},
    [ZOO_MEAN] = {zoo_mean_forward, zoo_mean_backward, NULL},
};

size_t zoo_layer_weight_count(const struct zoo_layer *layer)
{
    switch (layer->kind) {
    case ZOO_CONV:
        return layer->kernel * layer->kernel * layer->in.c * layer->out.c;
    case ZOO_DEPTHWISE:
        return layer->kernel * layer->kernel * layer->in.c;
    case ZOO_DENSE:
        return (zoo_numbers(layer->in) + 1) * layer->out.c;
    case ZOO_NORM:
        return 2 * layer->in.c;
    default:
        return 0;
    }
}

size_t zoo_layer_scratch(const struct zoo_layer *layer, size_t samples)
{
    return kinds[layer->kind].scratch ? kinds[layer->kind].scratch(layer, samples) : 0;
}

void zoo_layer_forward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    kinds[layer->kind].forward(layer, pass);
}

void zoo_layer_backward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    kinds[layer->kind].backward(layer, pass);
}
