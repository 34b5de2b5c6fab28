#include "suites/eval/layers.h"

#include "suites/eval/compare.h"
#include "suites/probe/output.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t elements_of(const struct assay_shape *shape)
{
    size_t count = 0;
    assay_shape_count(shape, &count);
    return count;
}

/* Whether all it takes are constants, as of DENSIFY or DEQUANTIZE of weights: no layer, and the same in each run. */
static bool is_constant(const struct assay_subgraph *network, const struct assay_operator *op)
{
    for (size_t k = 0; k < op->input_count; k++)
        if (op->inputs[k] >= 0 && !network->tensors[op->inputs[k]].data)
            return false;
    return true;
}

/* The tensor that an operator of the reference computes and that is like this one, or -1. */
static int32_t counterpart(const struct assay_subgraph *reference, const struct assay_tensor *tensor)
{
    if (!tensor->name[0] || !reals_possible(tensor))
        return -1;
    for (size_t i = 0; i < reference->operator_count; i++)
        for (size_t k = 0; k < reference->operators[i].output_count; k++) {
            const int32_t index = reference->operators[i].outputs[k];
            const struct assay_tensor *other = &reference->tensors[index];
            if (strcmp(other->name, tensor->name) == 0 && reals_possible(other) &&
                elements_of(&other->shape) == elements_of(&tensor->shape))
                return index;
        }
    return -1;
}

bool layers_make(struct layers *layers, const struct assay_subgraph *network, const struct assay_subgraph *reference)
{
    *layers = (struct layers){.network = network, .reference = reference};
    layers->layers = calloc(network->operator_count + 1, sizeof(*layers->layers));
    layers->copies = calloc(reference->tensor_count + 1, sizeof(*layers->copies));
    if (!layers->layers || !layers->copies) {
        layers_free(layers);
        return false;
    }
    for (size_t i = 0; i < network->operator_count; i++) {
        const struct assay_operator *op = &network->operators[i];
        const bool compares = op->output_count > 0 && !is_constant(network, op);
        const int32_t tensor = compares ? counterpart(reference, &network->tensors[op->outputs[0]]) : -1;
        layers->layers[i].tensor = tensor;
        if (tensor >= 0)
            layers->copies[tensor].wanted = true;
    }
    return true;
}

void layers_free(struct layers *layers)
{
    for (size_t i = 0; layers->copies && i < layers->reference->tensor_count; i++)
        free(layers->copies[i].data);
    free(layers->layers);
    free(layers->copies);
    layers->layers = NULL;
    layers->copies = NULL;
}

static void keep(struct layers *layers, struct layers_copy *copy, const struct assay_value *value)
{
    const size_t bytes = elements_of(&value->shape) * assay_tensor_type_size(value->tensor->type);
    copy->bytes = 0;
    if (bytes > copy->room || !copy->data) {
        void *data = realloc(copy->data, bytes + 1);
        if (!data) {
            layers->failed = true;
            return;
        }
        copy->data = data;
        copy->room = bytes;
    }
    memcpy(copy->data, value->data, bytes);
    copy->bytes = bytes;
}

void layers_keep(void *context, const struct assay_node *node, size_t index)
{
    struct layers *layers = context;
    (void)index;
    for (size_t k = 0; k < node->op->output_count; k++) {
        struct layers_copy *copy = &layers->copies[node->op->outputs[k]];
        if (copy->wanted && node->out[k]->data)
            keep(layers, copy, node->out[k]);
    }
}

void layers_compare(void *context, const struct assay_node *node, size_t index)
{
    struct layers *layers = context;
    struct layers_layer *layer = &layers->layers[index];
    layer->kernel = node->kernel;
    if (layer->tensor < 0 || !node->out[0]->data)
        return;
    const struct layers_copy *copy = &layers->copies[layer->tensor];
    const struct assay_tensor *other = &layers->reference->tensors[layer->tensor];
    const size_t count = elements_of(&node->out[0]->shape);
    /* Other numbers of elements than in the file: the batch is not what leads their shapes. */
    if (copy->bytes != count * assay_tensor_type_size(other->type))
        return;
    const struct reals value = reals_of(node->out[0]->tensor, node->out[0]->data), wanted = reals_of(other, copy->data);
    compare_reals(&layer->error, &value, &wanted, count);
}

json_t *layers_error(const struct metrics_error *error, const struct assay_tensor *tensor)
{
    const double mse = metrics_mean_squared(error);
    const bool quantized = tensor->quantization.count == 1 && tensor->type != ASSAY_TENSOR_F32;
    return json_pack("{sI so so so so so so}", "count", (json_int_t)error->count, "mean_error",
                     output_number(metrics_mean(error)), "max_abs_error", output_number(error->most), "mse",
                     output_number(mse), "rms", output_number(metrics_reference_rms(error)), "rmse_over_scale",
                     quantized ? output_number(sqrt(mse) / (double)tensor->quantization.scale[0]) : json_null(), "sqnr",
                     output_number(metrics_sqnr(error)));
}

static json_t *layer_json(const struct layers *layers, size_t i)
{
    const struct layers_layer *layer = &layers->layers[i];
    const struct assay_operator *op = &layers->network->operators[i];
    const struct assay_tensor *tensor = &layers->network->tensors[op->outputs[0]];
    json_t *entry = json_pack("{sI ss so ss?}", "index", (json_int_t)i, "op", assay_operator_name(op->code), "name",
                              compare_name(tensor->name), "kernel", layer->kernel);
    json_object_update_new(entry, layers_error(&layer->error, tensor));
    return entry;
}

json_t *layers_list(const struct layers *layers)
{
    json_t *list = json_array();
    for (size_t i = 0; i < layers->network->operator_count; i++)
        if (layers->layers[i].error.count > 0)
            json_array_append_new(list, layer_json(layers, i));
    return list;
}
