#include "kernels/core/select.h"

#include <math.h>
#include <string.h>

const char *assay_kernel_refuses(const struct assay_kernel *kernel, const struct assay_problem *problem,
                                 uint64_t features)
{
    if (kernel->op != problem->op)
        return "it computes another operation";
    if (kernel->mode != problem->mode)
        return "it computes another mode";
    if (kernel->structure != problem->structure)
        return "it computes another structure";
    if ((kernel->features & features) != kernel->features)
        return "this CPU lacks a feature that it requires";
    return kernel->supports ? kernel->supports(kernel, problem) : NULL;
}

double assay_kernel_cost(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return kernel->cost ? kernel->cost(kernel, problem) : NAN;
}

const struct assay_kernel *assay_select(const struct assay_kernel *const *kernels, size_t count,
                                        const struct assay_problem *problem, uint64_t features, const char *forced,
                                        const char **why)
{
    const struct assay_kernel *best = NULL;
    const char *reason = forced ? "no kernel has that name" : "no kernel computes this operation, mode and structure";
    for (size_t i = 0; i < count; i++) {
        if (forced && strcmp(kernels[i]->name, forced) != 0)
            continue;
        const char *refusal = assay_kernel_refuses(kernels[i], problem, features);
        if (refusal && forced)
            reason = refusal;
        if (!refusal && (!best || kernels[i]->rank > best->rank))
            best = kernels[i];
    }
    double least = best && !forced ? assay_kernel_cost(best, problem) : NAN;
    for (size_t i = 0; !isnan(least) && i < count; i++) {
        if (kernels[i]->rank < 0 || assay_kernel_refuses(kernels[i], problem, features))
            continue;
        const double cost = assay_kernel_cost(kernels[i], problem);
        if (cost < least) { /* never of a NaN */
            least = cost;
            best = kernels[i];
        }
    }
    if (!best && why)
        *why = reason;
    return best;
}
