#include "models/zoo/network.h"
#include "models/zoo/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WEIGHT_STREAM = 1000 }; /* beside those of the images */

static size_t find(const struct zoo_plan *plan, const char *name)
{
    size_t i = 0;
    while (strcmp(plan->layers[i].name, name) != 0)
        i++;
    return i;
}

static struct zoo_size size_of_output(const struct zoo_plan_layer *plan, struct zoo_size in)
{
    switch (plan->kind) {
    case ZOO_CONV:
    case ZOO_DEPTHWISE:
        return (struct zoo_size){(in.h + plan->stride - 1) / plan->stride, (in.w + plan->stride - 1) / plan->stride,
                                 plan->kind == ZOO_CONV ? plan->channels : in.c};
    case ZOO_DENSE:
        return (struct zoo_size){1, 1, plan->channels};
    case ZOO_MEAN:
        return (struct zoo_size){1, 1, in.c};
    default:
        return in;
    }
}

/* Weights so that what a layer gives is about as large as what it takes; biases 0; batch normalization changes nothing
 * at first. */
static void fill_weights(struct zoo_layer *layer, struct assay_zoo_random *random)
{
    const size_t outputs = layer->kind == ZOO_DEPTHWISE ? 1 : layer->out.c;
    const size_t biases = layer->kind == ZOO_DENSE ? outputs : 0;
    if (layer->kind == ZOO_NORM) {
        for (size_t c = 0; c < layer->in.c; c++)
            layer->weights[c] = layer->running[layer->in.c + c] = 1;
        return;
    }
    const size_t inputs = layer->kind == ZOO_DENSE
                              ? zoo_numbers(layer->in)
                              : layer->kernel * layer->kernel * (layer->kind == ZOO_DEPTHWISE ? 1 : layer->in.c);
    const float deviation = sqrtf(2.0f / (float)(inputs > 0 ? inputs : 1));
    for (size_t i = 0; i + biases < layer->weight_count; i++)
        layer->weights[i] = (zoo_real)(deviation * assay_zoo_normal(random));
}

static zoo_real *take(struct zoo_network *network, size_t count)
{
    return assay_arena_take(&network->arena, count, sizeof(zoo_real));
}

static bool make_layer(struct zoo_network *network, size_t i, struct zoo_size in, struct assay_zoo_random *random)
{
    const struct zoo_plan_layer *plan = &network->plan->layers[i];
    struct zoo_layer *layer = &network->layers[i];
    *layer = (struct zoo_layer){.kind = plan->kind,
                                .from = i,
                                .other = plan->other ? find(network->plan, plan->other) + 1 : 0,
                                .in = in,
                                .out = size_of_output(plan, in),
                                .kernel = plan->kernel,
                                .stride = plan->stride};
    layer->weight_count = zoo_layer_weight_count(layer);
    layer->weights = take(network, layer->weight_count);
    layer->gradient = take(network, layer->weight_count);
    if (layer->kind == ZOO_NORM) {
        layer->running = take(network, 2 * in.c);
        layer->batch = take(network, 2 * in.c);
    }
    network->values[i + 1] = take(network, network->room * zoo_numbers(layer->out));
    network->gradients[i + 1] = take(network, network->room * zoo_numbers(layer->out));
    if (!layer->weights || !layer->gradient || !network->values[i + 1] || !network->gradients[i + 1] ||
        (layer->kind == ZOO_NORM && (!layer->running || !layer->batch)))
        return false;
    fill_weights(layer, random);
    return true;
}

static bool make_layers(struct zoo_network *network, uint64_t seed)
{
    const struct zoo_plan *plan = network->plan;
    network->layers = assay_arena_take(&network->arena, plan->layer_count, sizeof(*network->layers));
    network->values = assay_arena_take(&network->arena, plan->layer_count + 1, sizeof(*network->values));
    network->gradients = assay_arena_take(&network->arena, plan->layer_count + 1, sizeof(*network->gradients));
    if (!network->layers || !network->values || !network->gradients)
        return false;
    network->values[0] = take(network, network->room * zoo_numbers(plan->in));
    struct zoo_size in = plan->in;
    size_t scratch = 0;
    for (size_t i = 0; i < plan->layer_count; i++) {
        struct assay_zoo_random random = assay_zoo_random(seed, WEIGHT_STREAM, i);
        if (!make_layer(network, i, in, &random))
            return false;
        in = network->layers[i].out;
        const size_t needed = zoo_layer_scratch(&network->layers[i], network->room);
        scratch = needed > scratch ? needed : scratch;
    }
    network->scratch = take(network, scratch);
    return network->values[0] && network->scratch;
}

struct zoo_network *zoo_network_make(const struct zoo_plan *plan, size_t room, uint64_t seed)
{
    struct zoo_network *network = calloc(1, sizeof(*network));
    if (!network)
        return NULL;
    network->plan = plan;
    network->room = room;
    network->arena.limit = SIZE_MAX;
    if (make_layers(network, seed))
        return network;
    zoo_network_free(network);
    return NULL;
}

void zoo_network_free(struct zoo_network *network)
{
    if (!network)
        return;
    assay_arena_free(&network->arena);
    free(network);
}

size_t zoo_network_classes(const struct zoo_network *network)
{
    return network->layers[network->plan->layer_count - 1].out.c;
}

/* The images' gradient is of no use, and is not computed: gradients[0] is NULL. */
static struct zoo_pass pass_of(const struct zoo_network *network, size_t i, size_t samples, bool training)
{
    const struct zoo_layer *layer = &network->layers[i];
    return (struct zoo_pass){.samples = samples,
                             .training = training,
                             .in = network->values[layer->from],
                             .other = network->values[layer->other],
                             .out = network->values[i + 1],
                             .out_gradient = network->gradients[i + 1],
                             .in_gradient = network->gradients[layer->from],
                             .other_gradient = network->gradients[layer->other],
                             .scratch = network->scratch};
}

zoo_real *zoo_network_forward(struct zoo_network *network, size_t samples, bool training)
{
    const size_t count = network->plan->layer_count;
    for (size_t i = 0; i < count; i++) {
        const struct zoo_pass pass = pass_of(network, i, samples, training);
        zoo_layer_forward(&network->layers[i], &pass);
    }
    return network->values[count];
}

void zoo_network_backward(struct zoo_network *network, size_t samples)
{
    const size_t count = network->plan->layer_count;
    for (size_t i = 0; i < count; i++) {
        const struct zoo_layer *layer = &network->layers[i];
        memset(layer->gradient, 0, layer->weight_count * sizeof(zoo_real));
        if (i + 1 < count)
            memset(network->gradients[i + 1], 0, samples * zoo_numbers(layer->out) * sizeof(zoo_real));
    }
    for (size_t i = count; i-- > 0;) {
        const struct zoo_pass pass = pass_of(network, i, samples, true);
        zoo_layer_backward(&network->layers[i], &pass);
    }
}
