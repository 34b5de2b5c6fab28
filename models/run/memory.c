#include "models/run/memory.h"

#include "models/run/plan.h"

#include <stdlib.h>

bool assay_value_bytes(const struct assay_value *value, size_t *bytes)
{
    size_t count;
    return assay_shape_count(&value->shape, &count) &&
           !__builtin_mul_overflow(count, assay_tensor_type_size(value->tensor->type), bytes);
}

static bool no_memory(const struct assay_executor *executor, struct assay_model_error *error)
{
    return assay_model_fail(error, "the network needs more memory than the limit of %zu bytes",
                            executor->options.memory_limit);
}

struct life {
    size_t first, last;
    bool used;
    bool made;   /* something has computed it, so far */
    size_t home; /* the tensor whose memory it has, and whose life above counts: its own, but for renamed ones */
};

/* What an operator renames, gives another shape to, stays where it is. */
static void find_homes(const struct assay_network *network, struct life *lives)
{
    const struct assay_subgraph *graph = network->graph;
    for (size_t i = 0; i < graph->tensor_count; i++)
        lives[i].home = i;
    for (size_t i = 0; i < graph->operator_count; i++) {
        const struct assay_node *node = &network->nodes[i];
        const struct assay_value *in = network->kinds[i]->renames ? node->in[0] : NULL;
        if (in && !network->idle[i] && !in->data && !in->tensor->variable && !node->out[0]->tensor->variable)
            lives[node->op->outputs[0]].home = lives[node->op->inputs[0]].home;
    }
}

static void live(struct life *lives, int32_t tensor, size_t step)
{
    struct life *life = &lives[lives[tensor].home];
    if (!life->used || step < life->first)
        life->first = step;
    if (!life->used || step > life->last)
        life->last = step;
    life->used = lives[tensor].made = true;
}

/* A node reads and writes at its own step; the caller writes the inputs before step 0 and reads the outputs after the
 * last. False: something is read before it is there. */
static bool find_lives(const struct assay_network *network, struct life *lives, struct assay_model_error *error)
{
    const struct assay_subgraph *graph = network->graph;
    find_homes(network, lives);
    for (size_t i = 0; i < graph->input_count; i++)
        live(lives, graph->inputs[i], 0);
    for (size_t i = 0; i < graph->operator_count; i++) {
        const struct assay_operator *op = &graph->operators[i];
        for (size_t k = 0; k < op->input_count && !network->idle[i]; k++) {
            const struct assay_value *value = network->nodes[i].in[k];
            if (!value || value->data || value->halves || value->sparse || value->tensor->variable)
                continue;
            if (!lives[op->inputs[k]].made)
                return assay_model_fail(error, "operator %zu (%s): nothing has computed its input %zu (tensor %d)", i,
                                        assay_operator_name(op->code), k, (int)op->inputs[k]);
            live(lives, op->inputs[k], i);
        }
        for (size_t k = 0; k < op->output_count; k++)
            live(lives, op->outputs[k], i);
    }
    for (size_t i = 0; i < graph->output_count; i++) {
        if (!lives[graph->outputs[i]].made && !network->values[graph->outputs[i]].data &&
            !network->graph->tensors[graph->outputs[i]].variable)
            return assay_model_fail(error, "nothing computes output %zu of the network (tensor %d)", i,
                                    (int)graph->outputs[i]);
        live(lives, graph->outputs[i], graph->operator_count);
    }
    return true;
}

/* Variables have memory of their own; the rest shares one block. */
static bool place_values(struct assay_executor *executor, struct assay_network *network, struct life *lives,
                         struct assay_plan_block *blocks, struct assay_value **owners, struct assay_model_error *error)
{
    size_t count = 0;
    for (size_t i = 0; i < network->graph->tensor_count; i++) {
        struct assay_value *value = &network->values[i];
        size_t bytes;
        if (value->data || value->halves || value->sparse || value->tensor->type == ASSAY_TENSOR_RESOURCE ||
            !(lives[i].used || value->tensor->variable) || lives[i].home != i)
            continue;
        if (!assay_value_bytes(value, &bytes))
            return no_memory(executor, error);
        if (value->tensor->variable) {
            value->data = assay_arena_take(&executor->arena, bytes, 1);
            if (!value->data)
                return no_memory(executor, error);
            continue;
        }
        owners[count] = value;
        blocks[count++] = (struct assay_plan_block){.bytes = bytes, .first = lives[i].first, .last = lives[i].last};
    }
    if (count > ASSAY_PLAN_MOST)
        return assay_model_fail(error, "%zu tensors are more than the %d that memory is planned for", count,
                                ASSAY_PLAN_MOST);
    struct assay_plan plan;
    if (!assay_plan_memory(blocks, count, &plan))
        return no_memory(executor, error);
    const size_t behind = executor->options.plugin_count > 0 ? ASSAY_PLUGIN_OVERREAD : 0;
    char *base = assay_arena_take(&executor->arena, plan.bytes + behind, 1);
    if (!base)
        return no_memory(executor, error);
    for (size_t i = 0; i < count; i++)
        owners[i]->data = base + blocks[i].offset;
    for (size_t i = 0; i < network->graph->tensor_count; i++)
        if (lives[i].home != i)
            network->values[i].data = network->values[lives[i].home].data;
    executor->memory.activation_bytes += plan.bytes;
    executor->memory.lower_bound += plan.lower_bound;
    return true;
}

static bool place_scratch(struct assay_executor *executor, struct assay_network *network,
                          struct assay_model_error *error)
{
    size_t shared = 0;
    for (size_t i = 0; i < network->graph->operator_count; i++) {
        struct assay_node *node = &network->nodes[i];
        if (network->idle[i] || node->scratch_bytes == 0)
            continue;
        if (!node->keeps_scratch) {
            shared = node->scratch_bytes > shared ? node->scratch_bytes : shared;
            continue;
        }
        node->scratch = assay_arena_take(&executor->arena, node->scratch_bytes, 1);
        if (!node->scratch)
            return no_memory(executor, error);
        executor->memory.scratch_bytes += node->scratch_bytes;
    }
    char *base = assay_arena_take(&executor->arena, shared, 1);
    if (!base)
        return no_memory(executor, error);
    executor->memory.scratch_bytes += shared;
    for (size_t i = 0; i < network->graph->operator_count; i++)
        if (!network->idle[i] && network->nodes[i].scratch_bytes > 0 && !network->nodes[i].keeps_scratch)
            network->nodes[i].scratch = base;
    return true;
}

bool assay_network_place(struct assay_executor *executor, struct assay_network *network,
                         struct assay_model_error *error)
{
    const size_t tensors = network->graph->tensor_count + 1; /* + 1: no size of 0 */
    struct life *lives = calloc(tensors, sizeof(*lives));
    struct assay_plan_block *blocks = calloc(tensors, sizeof(*blocks));
    struct assay_value **owners = calloc(tensors, sizeof(struct assay_value *));
    const bool good = lives && blocks && owners ? find_lives(network, lives, error) &&
                                                      place_values(executor, network, lives, blocks, owners, error) &&
                                                      place_scratch(executor, network, error)
                                                : no_memory(executor, error);
    free(lives);
    free(blocks);
    free(owners);
    return good;
}
