#include "models/zoo/export.h"
#include "models/graph/draft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t memory_limit = (size_t)64 << 20;

struct export
{
    const struct zoo_network *network;
    struct assay_draft *draft;
    int32_t *values; /* the tensor of each of the network's `values` */
};

static struct assay_shape image_shape(struct zoo_size size)
{
    return (struct assay_shape){4, {1, (int32_t)size.h, (int32_t)size.w, (int32_t)size.c}};
}

/* MEAN and DENSE give rows without height and width. */
static struct assay_shape output_shape(const struct zoo_layer *layer)
{
    if (layer->kind == ZOO_DENSE || layer->kind == ZOO_MEAN)
        return (struct assay_shape){2, {1, (int32_t)layer->out.c}};
    return image_shape(layer->out);
}

static int32_t add_value(const struct export *e, const char *name, struct assay_shape shape)
{
    const struct assay_tensor tensor = {.name = name, .type = ASSAY_TENSOR_F32, .shape = shape};
    return assay_draft_add_tensor(e->draft, &tensor);
}

static int32_t add_floats(const struct export *e, const char *layer, const char *what, struct assay_shape shape,
                          const float *data)
{
    const char *name = assay_draft_text(e->draft, "%s/%s", layer, what);
    return name ? assay_draft_add_constant(e->draft, name, ASSAY_TENSOR_F32, &shape, data) : -1;
}

static bool add_operator(const struct export *e, struct assay_operator op, const int32_t *inputs, size_t count,
                         int32_t output)
{
    op.version = 1;
    op.inputs = inputs;
    op.input_count = count;
    op.outputs = &output;
    op.output_count = 1;
    for (size_t i = 0; i < count; i++)
        if (inputs[i] < 0)
            return false;
    return output >= 0 && assay_draft_insert(e->draft, e->draft->operator_count, &op);
}

/* The trainer's weights have the output channel last, the format has it first. */
static int32_t add_turned(const struct export *e, const struct zoo_layer *layer, const char *name, size_t inputs,
                          struct assay_shape shape)
{
    float *turned = assay_draft_take(e->draft, inputs * layer->out.c, sizeof(*turned));
    if (!turned)
        return -1;
    for (size_t i = 0; i < inputs; i++)
        for (size_t j = 0; j < layer->out.c; j++)
            turned[j * inputs + i] = layer->weights[i * layer->out.c + j];
    return add_floats(e, name, "weights", shape, turned);
}

/* The trainer's convolutions have no bias. The format lets them go without, but TFLite's interpreter refuses to prepare
 * such a layer. */
static int32_t add_zeros(const struct export *e, const char *name, size_t count)
{
    const float *zeros = assay_draft_take(e->draft, count, sizeof(*zeros));
    return zeros ? add_floats(e, name, "bias", (struct assay_shape){1, {(int32_t)count}}, zeros) : -1;
}

static bool export_convolution(const struct export *e, size_t i, struct assay_operator op, int32_t output)
{
    const struct zoo_layer *layer = &e->network->layers[i];
    const char *name = e->network->plan->layers[i].name;
    const int32_t kernel = (int32_t)layer->kernel, stride = (int32_t)layer->stride;
    const bool depthwise = layer->kind == ZOO_DEPTHWISE;
    op.code = depthwise ? ASSAY_OPERATOR_DEPTHWISE_CONV_2D : ASSAY_OPERATOR_CONV_2D;
    op.conv.padding = ASSAY_PAD_SAME;
    op.conv.stride_h = op.conv.stride_w = stride;
    op.conv.dilation_h = op.conv.dilation_w = 1;
    op.conv.multiplier = depthwise ? 1 : 0;
    const struct assay_shape shape = {4, {depthwise ? 1 : (int32_t)layer->out.c, kernel, kernel, (int32_t)layer->in.c}};
    const int32_t weights = depthwise ? add_floats(e, name, "weights", shape, layer->weights)
                                      : add_turned(e, layer, name, layer->weight_count / layer->out.c, shape);
    return add_operator(e, op, (int32_t[]){e->values[layer->from], weights, add_zeros(e, name, layer->out.c)}, 3,
                        output);
}

static bool export_dense(const struct export *e, size_t i, struct assay_operator op, int32_t output)
{
    const struct zoo_layer *layer = &e->network->layers[i];
    const char *name = e->network->plan->layers[i].name;
    const size_t inputs = zoo_numbers(layer->in);
    const int32_t out = (int32_t)layer->out.c;
    op.code = ASSAY_OPERATOR_FULLY_CONNECTED;
    const int32_t weights = add_turned(e, layer, name, inputs, (struct assay_shape){2, {out, (int32_t)inputs}});
    const int32_t bias =
        add_floats(e, name, "bias", (struct assay_shape){1, {out}}, layer->weights + inputs * layer->out.c);
    return add_operator(e, op, (int32_t[]){e->values[layer->from], weights, bias}, 3, output);
}

/* in * factor + summand, of what training found: factor = weight / sqrt(variance + epsilon). */
static bool export_norm(const struct export *e, size_t i, struct assay_operator op, int32_t output)
{
    const struct zoo_layer *layer = &e->network->layers[i];
    const char *name = e->network->plan->layers[i].name;
    const size_t channels = layer->in.c;
    const struct assay_shape shape = {1, {(int32_t)channels}};
    float *factor = assay_draft_take(e->draft, channels, sizeof(*factor)),
          *summand = assay_draft_take(e->draft, channels, sizeof(*summand));
    const char *scaled_name = assay_draft_text(e->draft, "%s/scaled", name);
    if (!factor || !summand || !scaled_name)
        return false;
    for (size_t c = 0; c < channels; c++) {
        factor[c] = layer->weights[c] / sqrtf(layer->running[channels + c] + ZOO_NORM_EPSILON);
        summand[c] = layer->weights[channels + c] - layer->running[c] * factor[c];
    }
    const int32_t scaled = add_value(e, scaled_name, image_shape(layer->in));
    const int32_t factors = add_floats(e, name, "factor", shape, factor),
                  summands = add_floats(e, name, "summand", shape, summand);
    op.code = ASSAY_OPERATOR_ADD;
    return add_operator(e, (struct assay_operator){.code = ASSAY_OPERATOR_MUL},
                        (int32_t[]){e->values[layer->from], factors}, 2, scaled) &&
           add_operator(e, op, (int32_t[]){scaled, summands}, 2, output);
}

static bool export_mean(const struct export *e, size_t i, struct assay_operator op, int32_t output)
{
    static const int32_t height_and_width[] = {1, 2};
    const char *name = assay_draft_text(e->draft, "%s/axes", e->network->plan->layers[i].name);
    const struct assay_shape shape = {1, {2}};
    op.code = ASSAY_OPERATOR_MEAN;
    const int32_t axes =
        name ? assay_draft_add_constant(e->draft, name, ASSAY_TENSOR_I32, &shape, height_and_width) : -1;
    return add_operator(e, op, (int32_t[]){e->values[e->network->layers[i].from], axes}, 2, output);
}

static bool export_operator(const struct export *e, size_t i, struct assay_operator op, int32_t output)
{
    const struct zoo_layer *layer = &e->network->layers[i];
    const int32_t in = e->values[layer->from];
    switch (layer->kind) {
    case ZOO_CONV:
    case ZOO_DEPTHWISE:
        return export_convolution(e, i, op, output);
    case ZOO_DENSE:
        return export_dense(e, i, op, output);
    case ZOO_NORM:
        return export_norm(e, i, op, output);
    case ZOO_MEAN:
        return export_mean(e, i, op, output);
    case ZOO_ADD:
        op.code = ASSAY_OPERATOR_ADD;
        return add_operator(e, op, (int32_t[]){in, e->values[layer->other]}, 2, output);
    case ZOO_RELU:
    case ZOO_RELU6:
        op.code = layer->kind == ZOO_RELU ? ASSAY_OPERATOR_RELU : ASSAY_OPERATOR_RELU6;
        return add_operator(e, op, &in, 1, output);
    default:
        return false;
    }
}

/* Each layer's operators. A fused activation is no operator: the one before it has its setting, and gives its value. */
static bool export_layers(const struct export *e)
{
    const struct zoo_plan *plan = e->network->plan;
    for (size_t i = 0; i < plan->layer_count; i++) {
        const bool fused = i + 1 < plan->layer_count && plan->layers[i + 1].fused;
        struct assay_operator op = {.fused = ASSAY_FUSED_NONE};
        if (fused)
            op.fused = plan->layers[i + 1].kind == ZOO_RELU ? ASSAY_FUSED_RELU : ASSAY_FUSED_RELU6;
        const int32_t output = add_value(e, plan->layers[fused ? i + 1 : i].name, output_shape(&e->network->layers[i]));
        e->values[i + 1] = output;
        if (!export_operator(e, i, op, output))
            return false;
        if (fused)
            e->values[++i + 1] = output;
    }
    return true;
}

static bool export_network(const struct export *e)
{
    const struct zoo_plan *plan = e->network->plan;
    e->draft->description = plan->name;
    e->values[0] = add_value(e, "images", image_shape(plan->in));
    if (!assay_draft_add_input(e->draft, e->values[0]) || !export_layers(e))
        return false;
    const struct zoo_layer *last = &e->network->layers[plan->layer_count - 1];
    const int32_t output = add_value(e, "probabilities", output_shape(last));
    const struct assay_operator softmax = {.code = ASSAY_OPERATOR_SOFTMAX, .softmax.beta = 1};
    return add_operator(e, softmax, &e->values[plan->layer_count], 1, output) &&
           assay_draft_add_output(e->draft, output);
}

struct assay_graph *zoo_export(const struct zoo_network *network, struct assay_model_error *error)
{
    struct export e = {.network = network,
                       .draft = assay_draft_make(NULL, memory_limit, error),
                       .values = calloc(network->plan->layer_count + 1, sizeof(int32_t))};
    struct assay_graph *graph = NULL;
    if (e.draft && e.values && export_network(&e))
        graph = assay_draft_finish(e.draft, memory_limit, error);
    else
        assay_model_fail(error, "no memory for the network's graph");
    free(e.values);
    assay_draft_free(e.draft);
    return graph;
}
