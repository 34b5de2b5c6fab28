#include "suites/eval/isolate.h"

#include "suites/eval/compare.h"

#include <stdlib.h>

static bool has_weights(const struct assay_operator *op)
{
    return op->code == ASSAY_OPERATOR_CONV_2D || op->code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ||
           op->code == ASSAY_OPERATOR_FULLY_CONNECTED;
}

/* Input 0 alone is computed. */
static bool is_constant_else(const struct assay_subgraph *network, const struct assay_operator *op)
{
    for (size_t k = 1; k < op->input_count; k++)
        if (op->inputs[k] >= 0 && !network->tensors[op->inputs[k]].data)
            return false;
    return op->input_count > 0 && op->inputs[0] >= 0 && !network->tensors[op->inputs[0]].data;
}

/* The reference's operator for one of the network's; NULL: there is none like it. */
static const struct assay_operator *counterpart(const struct layers *layers, size_t i)
{
    const struct assay_operator *op = &layers->network->operators[i];
    if (layers->layers[i].tensor < 0 || !has_weights(op))
        return NULL;
    for (size_t k = 0; k < layers->reference->operator_count; k++) {
        const struct assay_operator *other = &layers->reference->operators[k];
        if (other->output_count == 1 && other->outputs[0] == layers->layers[i].tensor)
            return other->code == op->code && other->fused == op->fused && is_constant_else(layers->reference, other)
                       ? other
                       : NULL;
    }
    return NULL;
}

bool isolate_make(struct isolate *isolate, const struct layers *layers)
{
    *isolate = (struct isolate){.layers = layers};
    isolate->items = calloc(layers->network->operator_count + 1, sizeof(*isolate->items));
    for (size_t i = 0; isolate->items && i < layers->network->operator_count; i++) {
        const struct assay_operator *op = counterpart(layers, i);
        struct isolate_layer *item = &isolate->items[i];
        if (!op)
            continue;
        item->subgraph = (struct assay_subgraph){.name = "",
                                                 .tensor_count = layers->reference->tensor_count,
                                                 .operator_count = 1,
                                                 .input_count = 1,
                                                 .output_count = 1,
                                                 .tensors = layers->reference->tensors,
                                                 .operators = op,
                                                 .inputs = op->inputs,
                                                 .outputs = op->outputs};
        item->graph = (struct assay_graph){.description = "", .subgraph_count = 1, .subgraphs = &item->subgraph};
    }
    return isolate->items;
}

void isolate_free(struct isolate *isolate)
{
    for (size_t i = 0; isolate->items && i < isolate->layers->network->operator_count; i++)
        assay_executor_free(isolate->items[i].executor);
    free(isolate->items);
    isolate->items = NULL;
}

bool isolate_prepare(struct isolate *isolate, struct assay_executor_options options, struct assay_model_error *error)
{
    for (size_t i = 0; i < isolate->layers->network->operator_count; i++) {
        struct isolate_layer *item = &isolate->items[i];
        struct assay_model_error why = {{0}};
        if (item->subgraph.operator_count == 0)
            continue;
        assay_executor_free(item->executor);
        item->executor = assay_executor_make(&item->graph, options, &why);
        if (!item->executor)
            return assay_model_fail(error, "the reference's operator for operator %zu: %s", i, why.text);
    }
    return true;
}

static size_t elements_of(const struct assay_value *value)
{
    size_t count = 0;
    assay_shape_count(&value->shape, &count);
    return count;
}

void isolate_compare(struct isolate *isolate, const struct assay_node *node, size_t index)
{
    struct isolate_layer *item = &isolate->items[index];
    if (!item->executor || !node->in[0]->data || !node->out[0]->data)
        return;
    const struct assay_value *to = assay_executor_input(item->executor, 0);
    const struct assay_value *wanted = assay_executor_output(item->executor, 0);
    if (to->tensor->type != ASSAY_TENSOR_F32 || !reals_possible(node->in[0]->tensor) ||
        elements_of(to) != elements_of(node->in[0]) || elements_of(wanted) != elements_of(node->out[0]))
        return;
    const struct reals seen = reals_of(node->in[0]->tensor, node->in[0]->data);
    compare_to_floats(&seen, elements_of(to), to->data);
    assay_executor_run(item->executor);
    const struct reals value = reals_of(node->out[0]->tensor, node->out[0]->data);
    const struct reals reference = reals_of(wanted->tensor, wanted->data);
    compare_reals(&item->error, &value, &reference, elements_of(wanted));
}

void isolate_describe(const struct isolate *isolate, json_t *list)
{
    size_t k;
    json_t *entry;
    json_array_foreach(list, k, entry)
    {
        const size_t i = (size_t)json_integer_value(json_object_get(entry, "index"));
        const struct assay_operator *op = &isolate->layers->network->operators[i];
        const struct metrics_error *error = &isolate->items[i].error;
        json_object_set_new(entry, "own",
                            error->count > 0 ? layers_error(error, &isolate->layers->network->tensors[op->outputs[0]])
                                             : json_null());
    }
}
