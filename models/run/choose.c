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

const struct assay_kernel *assay_executor_kernel(const struct assay_executor *executor,
                                                 const struct assay_problem *problem, struct assay_model_error *error)
{
    size_t count;
    const struct assay_kernel *const *kernels = assay_kernels(problem->op, &count), *best = NULL;
    const uint64_t features = executor->options.features;
    const char *pattern = executor->options.kernel, *why = "";
    for (size_t i = 0; pattern && i < count; i++)
        if (matches(pattern, kernels[i]->name) && !assay_kernel_refuses(kernels[i], problem, features) &&
            (!best || kernels[i]->rank > best->rank))
            best = kernels[i];
    if (best)
        *executor->glob_matched = true;
    else
        best = assay_select(kernels, count, problem, features, NULL, &why);
    if (!best)
        assay_model_fail(error, "no kernel of %s computes it in mode %s: %s", assay_op_name(problem->op),
                         assay_mode_name(problem->mode), why);
    return best;
}
