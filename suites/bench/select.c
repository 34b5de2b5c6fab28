/* Which kernel a series means: selection is kernels/core/select.h's, over the kernels that the series' words allow. */
#include "suites/bench/series.h"

#include "kernels/core/select.h"
#include "suites/probe/plugins.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool series_knows(const struct plan_series *plan)
{
    size_t count;
    const struct assay_kernel *const *all = plugins_kernels(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i]->origin, plan->origin) == 0 && strcmp(all[i]->name, plan->kernel) == 0)
            return (all[i]->features & plugins_features()) == all[i]->features;
    return false;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static bool is_meant(const struct plan_series *plan, const struct assay_kernel *kernel)
{
    if (strcmp(kernel->origin, plan->origin) != 0)
        return false;
    if (strcmp(plan->kernel, "ref") == 0)
        return ends_with(kernel->name, "_ref");
    if (strcmp(plan->kernel, "auto") == 0)
        return ends_with(kernel->name, "_auto");
    return true;
}

const struct assay_kernel *series_select(const struct plan_series *plan, const struct assay_problem *problem,
                                         const char **why)
{
    size_t count, meant = 0;
    const struct assay_kernel *const *all = plugins_kernels(&count);
    const struct assay_kernel **some = malloc((count + 1) * sizeof(*some));
    if (!some) {
        *why = "no memory for the list of kernels";
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        if (is_meant(plan, all[i]))
            some[meant++] = all[i];
    static const struct {
        const char *word, *why;
    } words[] = {
        {"best", "highest rank that runs"},
        {"ref", "the reference"},
        {"auto", "highest compiler baseline that runs"},
    };
    const char *forced = plan->kernel, *reason = "forced by name";
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(plan->kernel, words[i].word) == 0) {
            forced = NULL;
            reason = words[i].why;
        }
    const struct assay_kernel *kernel = assay_select(some, meant, problem, plugins_features(), forced, why);
    if (kernel)
        *why = strcmp(plan->kernel, "best") == 0 && !isnan(assay_kernel_cost(kernel, problem)) ? "least stated cost"
                                                                                               : reason;
    else if (meant == 0 && strcmp(plan->origin, "assay") != 0)
        *why = "no kernel of this origin is here";
    else if (!forced) {
        /* The one that came nearest says more than "none": same operation, mode and structure, and yet refused. */
        for (size_t i = 0; i < meant; i++)
            if (some[i]->op == problem->op && some[i]->mode == problem->mode &&
                some[i]->structure == problem->structure)
                *why = assay_kernel_refuses(some[i], problem, plugins_features());
    }
    free(some);
    return kernel;
}
