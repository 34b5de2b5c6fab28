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

const struct assay_kernel *assay_executor_named(const struct assay_executor *executor,
                                                const struct assay_problem *problem)
{
    size_t count;
    const struct assay_kernel *const *kernels = assay_kernels(problem->op, &count), *best = NULL;
    const char *pattern = executor->options.kernel;
    for (size_t i = 0; pattern && i < count; i++)
        if (matches(pattern, kernels[i]->name) &&
            !assay_kernel_refuses(kernels[i], problem, executor->options.features) &&
            (!best || kernels[i]->rank > best->rank))
            best = kernels[i];
    if (best)
        *executor->glob_matched = true;
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
