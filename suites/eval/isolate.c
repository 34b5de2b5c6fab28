#include "suites/eval/isolate.h"

#include "suites/eval/compare.h"

#include <stdlib.h>
#include <string.h>

static bool has_weights(const struct assay_operator *op)
{
    return op->code == ASSAY_OPERATOR_CONV_2D || op->code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ||
           op->code == ASSAY_OPERATOR_FULLY_CONNECTED;
}

/* The operator that computes a tensor; NULL: a constant, or an input of the network. */
static const struct assay_operator *producer(const struct assay_subgraph *network, int32_t tensor)
{
    for (size_t i = 0; i < network->operator_count; i++)
        for (size_t k = 0; k < network->operators[i].output_count; k++)
            if (network->operators[i].outputs[k] == tensor)
                return &network->operators[i];
    return NULL;
}

/* The reference's tensor that stands for one of the network's: by name, else by its place among the inputs; behind a
 * QUANTIZE, that of what is quantized. -1: none. */
static int32_t counterpart(const struct layers *layers, int32_t tensor)
{
    const struct assay_subgraph *network = layers->network, *reference = layers->reference;
    const struct assay_operator *op = producer(network, tensor);
    const char *name = network->tensors[tensor].name;
    for (size_t i = 0; *name && i < reference->tensor_count; i++)
        if (!reference->tensors[i].data && strcmp(reference->tensors[i].name, name) == 0)
            return (int32_t)i;
    for (size_t i = 0; i < network->input_count && i < reference->input_count; i++)
        if (network->inputs[i] == tensor)
            return reference->inputs[i];
    return op && op->code == ASSAY_OPERATOR_QUANTIZE ? counterpart(layers, op->inputs[0]) : -1;
}

/* Whether the operator computes something that is needed; then what it needs itself is, too. */
static bool take_operator(const struct assay_subgraph *network, const struct assay_operator *op, int32_t from,
                          bool *needed)
{
    bool takes = false;
    for (size_t k = 0; k < op->output_count; k++)
        takes = takes || (op->outputs[k] != from && needed[op->outputs[k]]);
    for (size_t k = 0; takes && k < op->input_count; k++)
        if (op->inputs[k] >= 0 && !network->tensors[op->inputs[k]].data)
            needed[op->inputs[k]] = true;
    return takes;
}

/* The operators that lead from one tensor to another, in their order: as many as are returned, at the end of
 * `operators`. 0: something else is needed as well. */
static size_t find_way(const struct assay_subgraph *network, int32_t from, int32_t to, bool *needed,
                       struct assay_operator *operators)
{
    size_t count = 0;
    needed[to] = true;
    for (size_t i = network->operator_count; i-- > 0;)
        if (take_operator(network, &network->operators[i], from, needed))
            operators[network->operator_count - ++count] = network->operators[i];
    for (size_t i = 0; i < network->tensor_count; i++)
        if (needed[i] && (network->tensors[i].variable || network->tensors[i].type == ASSAY_TENSOR_RESOURCE))
            return 0;
    for (size_t i = 0; i < network->input_count; i++)
        if (needed[network->inputs[i]] && network->inputs[i] != from)
            return 0;
    return from != to && needed[from] ? count : 0;
}

/* False: no memory. */
static bool make_item(struct isolate_layer *item, const struct layers *layers, size_t i)
{
    const struct assay_subgraph *reference = layers->reference;
    const struct assay_operator *op = &layers->network->operators[i];
    if (layers->layers[i].tensor < 0 || !has_weights(op) || op->inputs[0] < 0)
        return true;
    item->from = counterpart(layers, op->inputs[0]);
    item->to = layers->layers[i].tensor;
    if (item->from < 0)
        return true;
    bool *needed = calloc(reference->tensor_count, sizeof(*needed));
    item->operators = calloc(reference->operator_count, sizeof(*item->operators));
    if (!needed || !item->operators) {
        free(needed);
        return false;
    }
    const size_t count = find_way(reference, item->from, item->to, needed, item->operators);
    free(needed);
    item->subgraph = (struct assay_subgraph){.name = "",
                                             .tensor_count = reference->tensor_count,
                                             .operator_count = count,
                                             .input_count = 1,
                                             .output_count = 1,
                                             .tensors = reference->tensors,
                                             .operators = item->operators + reference->operator_count - count,
                                             .inputs = &item->from,
                                             .outputs = &item->to};
    item->graph = (struct assay_graph){.description = "", .subgraph_count = 1, .subgraphs = &item->subgraph};
    return true;
}

bool isolate_make(struct isolate *isolate, const struct layers *layers)
{
    *isolate = (struct isolate){.layers = layers};
    isolate->items = calloc(layers->network->operator_count + 1, sizeof(*isolate->items));
    for (size_t i = 0; isolate->items && i < layers->network->operator_count; i++)
        if (!make_item(&isolate->items[i], layers, i))
            return false;
    return isolate->items;
}

void isolate_free(struct isolate *isolate)
{
    for (size_t i = 0; isolate->items && i < isolate->layers->network->operator_count; i++) {
        assay_executor_free(isolate->items[i].executor);
        free(isolate->items[i].operators);
    }
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
            return assay_model_fail(error, "the reference's part that is operator %zu: %s", i, why.text);
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
