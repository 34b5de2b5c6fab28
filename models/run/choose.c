#include "kernels/core/select.h"
#include "models/run/network.h"

#include <fnmatch.h>
#include <string.h>

static bool matches(const char *pattern, const char *name)
{
    if (strcmp(pattern, "ref") != 0)
        return fnmatch(pattern, name, 0) == 0;
    const size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, "_ref") == 0;
}

static bool is_asked_for(const struct assay_executor_options *options, const struct assay_kernel *kernel)
{
    return (!options->kernel || matches(options->kernel, kernel->name)) &&
           (!options->origin || strcmp(options->origin, kernel->origin) == 0);
}

/* Conversions stay ours: layers in halves make them with what keeps nothing. */
static bool takes_plugin(const struct assay_executor_options *options, const struct assay_kernel *kernel,
                         enum assay_op op)
{
    return kernel->op == op && op != ASSAY_OP_QUANTIZE && strcmp(kernel->origin, "assay") != 0 &&
           is_asked_for(options, kernel);
}

bool assay_executor_find_named(struct assay_executor *executor)
{
    const struct assay_executor_options *options = &executor->options;
    for (int op = 0; (options->kernel || options->origin) && op < ASSAY_OP_COUNT; op++) {
        size_t count;
        const struct assay_kernel *const *own = assay_kernels((enum assay_op)op, &count);
        struct assay_named_kernels *named = &executor->named[op];
        named->items = assay_arena_take(&executor->arena, count + options->plugin_count, sizeof(const void *));
        if (!named->items)
            return false;
        for (size_t i = 0; i < count; i++)
            if (is_asked_for(options, own[i]))
                named->items[named->count++] = own[i];
        for (size_t i = 0; i < options->plugin_count; i++)
            if (takes_plugin(options, options->plugins[i], (enum assay_op)op))
                named->items[named->count++] = options->plugins[i];
    }
    return true;
}

const struct assay_kernel *assay_executor_named(const struct assay_executor *executor,
                                                const struct assay_problem *problem)
{
    const struct assay_named_kernels *named = &executor->named[problem->op];
    const struct assay_kernel *best =
        assay_select(named->items, named->count, problem, executor->options.features, NULL, NULL);
    if (best)
        *executor->named_taken = true;
    return best;
}

const struct assay_kernel *assay_executor_kernel(const struct assay_executor *executor,
                                                 const struct assay_problem *problem, struct assay_model_error *error)
{
    const struct assay_kernel *best = assay_executor_named(executor, problem);
    if (best)
        return best;
    size_t count;
    const char *why = "";
    const struct assay_kernel *const *kernels = assay_kernels(problem->op, &count);
    best = assay_select(kernels, count, problem, executor->options.features, NULL, &why);
    if (!best)
        assay_model_fail(error, "no kernel of %s computes it in mode %s: %s", assay_op_name(problem->op),
                         assay_mode_name(problem->mode), why);
    return best;
}

enum assay_sparse assay_executor_sparse(const struct assay_executor *executor)
{
    return executor->options.sparse;
}

bool assay_executor_half(const struct assay_executor *executor)
{
    *executor->half_asked = true;
    return executor->options.half;
}
