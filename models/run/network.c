#include "models/run/network.h"

#include "models/run/memory.h"

#include <string.h>

static bool fail_at(const struct assay_network *network, size_t i, const struct assay_model_error *why,
                    struct assay_model_error *error)
{
    return assay_model_fail(error, "operator %zu (%s): %s", i, assay_operator_name(network->graph->operators[i].code),
                            why->text);
}

static bool no_memory(const struct assay_executor *executor, struct assay_model_error *error)
{
    return assay_model_fail(error, "the network needs more memory than the limit of %zu bytes",
                            executor->options.memory_limit);
}

static bool set_inputs(struct assay_executor *executor, struct assay_network *network, struct assay_model_error *error)
{
    const struct assay_subgraph *graph = network->graph;
    for (size_t i = 0; i < graph->input_count; i++) {
        struct assay_value *value = &network->values[graph->inputs[i]];
        if (value->data)
            return assay_model_fail(error, "input %zu of the network is a constant", i);
        if (executor->options.batch == 0)
            continue;
        if (value->shape.rank == 0 || executor->options.batch > INT32_MAX)
            return assay_model_fail(error, "input %zu has no dimension for a batch of %zu", i, executor->options.batch);
        value->shape.dims[0] = (int32_t)executor->options.batch;
    }
    return true;
}

/* Values from tensors, nodes from operators. */
static bool link_nodes(struct assay_executor *executor, struct assay_network *network, struct assay_model_error *error)
{
    const struct assay_subgraph *graph = network->graph;
    struct assay_arena *arena = &executor->arena;
    network->values = assay_arena_take(arena, graph->tensor_count, sizeof(*network->values));
    network->nodes = assay_arena_take(arena, graph->operator_count, sizeof(*network->nodes));
    network->kinds = assay_arena_take(arena, graph->operator_count, sizeof(*network->kinds));
    network->idle = assay_arena_take(arena, graph->operator_count, sizeof(*network->idle));
    if (!network->values || !network->nodes || !network->kinds || !network->idle)
        return no_memory(executor, error);
    for (size_t i = 0; i < graph->tensor_count; i++) {
        const struct assay_tensor *tensor = &graph->tensors[i];
        /* The constant is never written: it is no node's output. */
        network->values[i] =
            (struct assay_value){.tensor = tensor, .shape = tensor->shape, .data = (void *)tensor->data};
    }
    for (size_t i = 0; i < graph->operator_count; i++) {
        const struct assay_operator *op = &graph->operators[i];
        struct assay_node *node = &network->nodes[i];
        network->kinds[i] = assay_op_kind(op->code);
        if (!network->kinds[i])
            return assay_model_fail(error, "operator %zu (%s): it is not computed here", i,
                                    assay_operator_name(op->code));
        struct assay_value **links = assay_arena_take(arena, op->input_count + op->output_count, sizeof(*links));
        if (!links)
            return no_memory(executor, error);
        *node = (struct assay_node){.op = op, .in = links, .out = links + op->input_count, .executor = executor};
        for (size_t k = 0; k < op->input_count; k++)
            node->in[k] = op->inputs[k] < 0 ? NULL : &network->values[op->inputs[k]];
        for (size_t k = 0; k < op->output_count; k++) {
            node->out[k] = op->outputs[k] < 0 ? NULL : &network->values[op->outputs[k]];
            if (!node->out[k] || node->out[k]->data)
                return assay_model_fail(error, "operator %zu (%s): its output %zu is %s", i,
                                        assay_operator_name(op->code), k, node->out[k] ? "a constant" : "absent");
        }
    }
    return true;
}

static bool is_layer(const struct assay_operator *op)
{
    return op->code == ASSAY_OPERATOR_CONV_2D || op->code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ||
           op->code == ASSAY_OPERATOR_FULLY_CONNECTED;
}

/* In which form somebody needs a tensor's values. Layers take f16 weights and bias as they are, and sparse weights. */
struct wanted {
    bool expanded; /* not the f16 that DEQUANTIZE makes it of */
    bool dense;    /* not the sparse constant that DENSIFY makes it of */
};

static bool expands_halves(const struct assay_subgraph *graph, const struct assay_operator *op)
{
    return op->code == ASSAY_OPERATOR_DEQUANTIZE && op->input_count == 1 && op->output_count == 1 &&
           op->inputs[0] >= 0 && op->outputs[0] >= 0 && graph->tensors[op->inputs[0]].type == ASSAY_TENSOR_F16 &&
           !graph->tensors[op->inputs[0]].sparsity;
}

/* From the users back to the makers: who wants nothing expanded of a DEQUANTIZE may still want its input dense. */
static void find_wanted(const struct assay_subgraph *graph, struct wanted *wanted)
{
    const struct wanted both = {true, true};
    for (size_t i = 0; i < graph->output_count; i++)
        wanted[graph->outputs[i]] = both;
    for (size_t i = graph->operator_count; i-- > 0;) {
        const struct assay_operator *op = &graph->operators[i];
        const bool stays_half = expands_halves(graph, op) && !wanted[op->outputs[0]].expanded;
        for (size_t k = 0; k < op->input_count; k++) {
            if (op->inputs[k] < 0)
                continue;
            struct wanted *input = &wanted[op->inputs[k]];
            if (stays_half)
                input->dense = input->dense || wanted[op->outputs[0]].dense;
            else if (is_layer(op) && k == 2)
                input->dense = true;
            else if (!is_layer(op) || k != 1)
                *input = both;
        }
    }
}

static bool constants_alone(const struct assay_node *node)
{
    bool any = false;
    for (size_t k = 0; k < node->op->input_count; k++) {
        if (node->in[k] && ((!node->in[k]->data && !node->in[k]->sparse) || node->in[k]->tensor->variable))
            return false;
        any = any || node->in[k];
    }
    return any;
}

static bool prepare(struct assay_executor *executor, struct assay_network *network, size_t i,
                    struct assay_model_error *error)
{
    struct assay_model_error why = {{0}};
    const size_t before = executor->arena.bytes;
    if (network->kinds[i]->prepare && !network->kinds[i]->prepare(&network->nodes[i], &executor->arena, &why))
        return fail_at(network, i, &why, error);
    executor->memory.packed_bytes += executor->arena.bytes - before;
    return true;
}

static bool bind(struct assay_network *network, size_t i, struct assay_model_error *error)
{
    struct assay_model_error why = {{0}};
    if (network->kinds[i]->bind && !network->kinds[i]->bind(&network->nodes[i], &why))
        return fail_at(network, i, &why, error);
    return true;
}

/* Computes now what constants alone decide. */
static bool fold(struct assay_executor *executor, struct assay_network *network, size_t i,
                 struct assay_model_error *error)
{
    struct assay_node *node = &network->nodes[i];
    const size_t before = executor->arena.bytes;
    for (size_t k = 0; k < node->op->output_count; k++) {
        size_t bytes;
        if (!assay_value_bytes(node->out[k], &bytes) ||
            !(node->out[k]->data = assay_arena_take(&executor->arena, bytes, 1)))
            return no_memory(executor, error);
    }
    executor->memory.packed_bytes += executor->arena.bytes - before;
    if (!prepare(executor, network, i, error))
        return false;
    if (node->scratch_bytes > 0 && !(node->scratch = assay_arena_take(&executor->arena, node->scratch_bytes, 1)))
        return no_memory(executor, error);
    executor->memory.scratch_bytes += node->scratch_bytes;
    if (!bind(network, i, error))
        return false;
    network->kinds[i]->run(node);
    return true;
}

static bool find_shapes(struct assay_executor *executor, struct assay_network *network, struct assay_model_error *error)
{
    const struct assay_subgraph *graph = network->graph;
    struct wanted *wanted = assay_arena_take(&executor->arena, graph->tensor_count, sizeof(*wanted));
    if (!wanted)
        return no_memory(executor, error);
    find_wanted(graph, wanted);
    for (size_t i = 0; i < graph->operator_count; i++) {
        struct assay_node *node = &network->nodes[i];
        struct assay_model_error why = {{0}};
        if (!network->kinds[i]->shape(node, &why))
            return fail_at(network, i, &why, error);
        for (size_t k = 0; k < node->op->output_count; k++) {
            size_t bytes;
            if (!assay_value_bytes(node->out[k], &bytes) || bytes > executor->options.memory_limit)
                return no_memory(executor, error);
        }
        if (!constants_alone(node))
            continue;
        network->idle[i] = true;
        if (expands_halves(graph, node->op) && !wanted[node->op->outputs[0]].expanded)
            node->out[0]->halves = node->in[0];
        else if (node->op->code == ASSAY_OPERATOR_DENSIFY && !wanted[node->op->outputs[0]].dense)
            node->out[0]->sparse = node->in[0];
        else if (!fold(executor, network, i, error))
            return false;
    }
    return true;
}

bool assay_network_make(struct assay_executor *executor, struct assay_network *network, bool is_main,
                        struct assay_model_error *error)
{
    if (!link_nodes(executor, network, error) || (is_main && !set_inputs(executor, network, error)) ||
        !find_shapes(executor, network, error))
        return false;
    for (size_t i = 0; i < network->graph->operator_count; i++)
        if (!network->idle[i] && !prepare(executor, network, i, error))
            return false;
    if (!assay_network_place(executor, network, error))
        return false;
    for (size_t i = 0; i < network->graph->operator_count; i++)
        if (!network->idle[i] && !bind(network, i, error))
            return false;
    assay_network_reset(network);
    return true;
}

void assay_network_reset(struct assay_network *network)
{
    network->has_run = false;
    for (size_t i = 0; i < network->graph->tensor_count; i++) {
        const struct assay_value *value = &network->values[i];
        size_t bytes;
        if (!value->tensor->variable || !value->data || value->tensor->data || !assay_value_bytes(value, &bytes))
            continue;
        /* Real zero, as the TFLite Micro interpreter has it: int8 begins at its zero point. */
        const bool offset = value->tensor->type == ASSAY_TENSOR_I8 && value->tensor->quantization.count > 0;
        memset(value->data, offset ? (int)value->tensor->quantization.zero[0] : 0, bytes);
    }
}
