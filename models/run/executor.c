#include "models/run/executor.h"

#include "models/run/network.h"

#include <stdlib.h>
#include <string.h>

/* The subgraphs that the main one calls. One that is called may call none, so that calls end. */
static bool make_networks(struct assay_executor *executor, struct assay_model_error *error)
{
    const struct assay_graph *graph = executor->graph;
    for (size_t s = 0; s < graph->subgraph_count; s++) {
        const struct assay_subgraph *caller = &graph->subgraphs[s];
        if (s > 0 && !executor->networks[s].graph)
            continue;
        for (size_t i = 0; i < caller->operator_count; i++) {
            const struct assay_operator *op = &caller->operators[i];
            if (op->code != ASSAY_OPERATOR_CALL_ONCE)
                continue;
            const int32_t callee = op->call_once.subgraph;
            if (s > 0 || callee <= 0 || (size_t)callee >= graph->subgraph_count)
                return assay_model_fail(error,
                                        "operator %zu (CALL_ONCE): it calls subgraph %d from subgraph %zu, and "
                                        "only the first may call one of the others",
                                        i, (int)callee, s);
            executor->networks[callee].graph = &graph->subgraphs[callee];
        }
    }
    executor->networks[0].graph = &graph->subgraphs[0];
    for (size_t s = 0; s < graph->subgraph_count; s++)
        if (executor->networks[s].graph && !assay_network_make(executor, &executor->networks[s], s == 0, error))
            return false;
    return true;
}

/* Whether it is right that no layer has a kernel that was asked for. */
static bool explain_named(const struct assay_executor_options *options, struct assay_model_error *error)
{
    if (options->origin)
        return assay_model_fail(error, "no kernel of %s%s%s computes a layer of this network", options->origin,
                                options->kernel ? " that matches " : "", options->kernel ? options->kernel : "");
    if (options->kernel && strcmp(options->kernel, "ref") != 0)
        return assay_model_fail(error, "no kernel that computes a layer of this network matches '%s'", options->kernel);
    return true;
}

static bool make(struct assay_executor *executor, struct assay_model_error *error)
{
    executor->networks =
        assay_arena_take(&executor->arena, executor->graph->subgraph_count, sizeof(*executor->networks));
    executor->named_taken = assay_arena_take(&executor->arena, 1, sizeof(*executor->named_taken));
    executor->half_asked = assay_arena_take(&executor->arena, 1, sizeof(*executor->half_asked));
    if (!executor->networks || !executor->named_taken || !executor->half_asked || !assay_executor_find_named(executor))
        return assay_model_fail(error, "the network needs more memory than the limit of %zu bytes",
                                executor->options.memory_limit);
    const struct assay_executor_options *options = &executor->options;
    executor->threads = options->shared;
    if (!options->shared &&
        (options->threads > ASSAY_MOST_THREADS ||
         !assay_threads_make(options->threads, options->enter, options->enter_context, &executor->threads)))
        return assay_model_fail(error, "%zu threads cannot be had", options->threads);
    if (!make_networks(executor, error))
        return false;
    for (const struct assay_variable *v = executor->variables; v; v = v->next)
        memcpy(v->first, v->data, v->bytes);
    if (options->half && !*executor->half_asked)
        return assay_model_fail(error,
                                "no layer of this network has f16 weights, so that none can compute in mode fp16");
    return *executor->named_taken || explain_named(options, error);
}

struct assay_executor *assay_executor_make(const struct assay_graph *graph, struct assay_executor_options options,
                                           struct assay_model_error *error)
{
    struct assay_executor *executor = calloc(1, sizeof(*executor));
    if (!executor) {
        assay_model_fail(error, "no memory");
        return NULL;
    }
    executor->graph = graph;
    executor->options = options;
    executor->arena.limit = options.memory_limit;
    if (make(executor, error))
        return executor;
    assay_executor_free(executor);
    return NULL;
}

void assay_executor_free(struct assay_executor *executor)
{
    if (!executor)
        return;
    if (!executor->options.shared)
        assay_threads_free(executor->threads);
    for (const struct assay_adopted *a = executor->adopted; a; a = a->next)
        a->kernel->release(a->kernel, a->packed, a->scratch ? *a->scratch : NULL);
    assay_arena_free(&executor->arena);
    free(executor);
}

struct assay_value *assay_executor_input(struct assay_executor *executor, size_t i)
{
    return &executor->networks[0].values[executor->networks[0].graph->inputs[i]];
}

const struct assay_value *assay_executor_output(const struct assay_executor *executor, size_t i)
{
    return &executor->networks[0].values[executor->networks[0].graph->outputs[i]];
}

void assay_executor_run(struct assay_executor *executor)
{
    const struct assay_network *network = &executor->networks[0];
    for (size_t i = 0; i < network->graph->operator_count; i++) {
        if (!network->idle[i])
            network->kinds[i]->run(&network->nodes[i]);
        if (executor->watch)
            executor->watch(executor->watch_context, &network->nodes[i], i);
    }
}

void assay_executor_watch(struct assay_executor *executor, assay_executor_watch_fn *watch, void *context)
{
    executor->watch = watch;
    executor->watch_context = context;
}

bool assay_executor_idle(const struct assay_executor *executor, size_t index)
{
    return executor->networks[0].idle[index];
}

void assay_executor_call_once(struct assay_executor *executor, int32_t subgraph)
{
    struct assay_network *network = &executor->networks[subgraph];
    if (network->has_run)
        return;
    network->has_run = true;
    for (size_t i = 0; i < network->graph->operator_count; i++)
        if (!network->idle[i])
            network->kinds[i]->run(&network->nodes[i]);
}

void assay_executor_reset(struct assay_executor *executor)
{
    for (size_t s = 0; s < executor->graph->subgraph_count; s++)
        if (executor->networks[s].graph)
            assay_network_reset(&executor->networks[s]);
    for (struct assay_variable *v = executor->variables; v; v = v->next)
        memcpy(v->data, v->first, v->bytes);
}

struct assay_executor_memory assay_executor_memory(const struct assay_executor *executor)
{
    return executor->memory;
}

bool assay_executor_adopt(struct assay_executor *executor, const struct assay_kernel *kernel, void *packed,
                          void *const *scratch)
{
    struct assay_adopted *adopted = assay_arena_take(&executor->arena, 1, sizeof(*adopted));
    if (!adopted)
        return false;
    *adopted = (struct assay_adopted){kernel, packed, scratch, executor->adopted};
    executor->adopted = adopted;
    return true;
}

size_t assay_executor_threads(const struct assay_executor *executor)
{
    return assay_threads_count(executor->threads);
}

void assay_executor_parallel(struct assay_executor *executor, void (*task)(void *context, size_t i), void *context,
                             size_t count)
{
    assay_threads_run(executor->threads, task, context, count);
}

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

void *assay_executor_variable(struct assay_executor *executor, const char *container, const char *name, size_t bytes)
{
    for (const struct assay_variable *v = executor->variables; v; v = v->next)
        if (same(v->container, container) && same(v->name, name))
            return v->bytes == bytes ? v->data : NULL;
    struct assay_variable *variable = assay_arena_take(&executor->arena, 1, sizeof(*variable));
    void *data = assay_arena_take(&executor->arena, bytes, 1), *first = assay_arena_take(&executor->arena, bytes, 1);
    if (!variable || !data || !first)
        return NULL;
    *variable = (struct assay_variable){container, name, bytes, data, first, executor->variables};
    executor->variables = variable;
    return data;
}
