/* assay-probe explain: of each series of a plan, what every kernel says of it and which one is chosen. */
#include "kernels/core/select.h"
#include "suites/bench/jobs.h"
#include "suites/bench/series.h"
#include "suites/probe/env.h"
#include "suites/probe/options.h"
#include "suites/probe/output.h"
#include "suites/probe/plugins.h"
#include "suites/probe/probe.h"

#include <argp.h>
#include <string.h>

static bool is_asked(const struct assay_kernel *kernel, const struct plan_series *plan,
                     const struct assay_problem *problem)
{
    return strcmp(kernel->origin, plan->origin) == 0 && kernel->op == problem->op && kernel->mode == problem->mode &&
           kernel->structure == problem->structure;
}

static bool explain_series(const struct plan_job *job, const struct plan_series *plan)
{
    const char *why = NULL;
    struct layer *layer =
        layer_make_typical(&plan->layer_case, plan->mode, plan->structure, plan->sparsity, job->seed, &why);
    if (!layer) {
        fprintf(stderr, "assay-probe explain: %s: %s\n", plan->key, why);
        return false;
    }
    const struct assay_problem *problem = &layer->problem;
    const struct assay_kernel *chosen = series_select(plan, problem, &why);
    size_t count;
    const struct assay_kernel *const *kernels = plugins_kernels(&count);
    bool written = true;
    for (size_t i = 0; written && i < count; i++) {
        const struct assay_kernel *kernel = kernels[i];
        if (!is_asked(kernel, plan, problem))
            continue;
        const char *refusal = assay_kernel_refuses(kernel, problem, plugins_features());
        json_t *line = json_pack("{ss sI ss ss si ss? sb}", "type", "choice", "id", job->id, "key", plan->key, "kernel",
                                 kernel->name, "rank", kernel->rank, "refuses", refusal, "chosen", kernel == chosen);
        json_object_set_new(line, "cost", refusal ? json_null() : output_number(assay_kernel_cost(kernel, problem)));
        if (kernel == chosen)
            json_object_set_new(line, "why", json_string(why));
        written = output_line(line);
    }
    layer_free(layer);
    return written;
}

static bool explain(const struct plan_job *job, void *context)
{
    (void)context;
    if (job->kind != PLAN_LAYERS) {
        fputs("assay-probe explain: a job of type model has no one kernel; give layers\n", stderr);
        return false;
    }
    for (size_t i = 0; i < job->count; i++)
        if (!explain_series(job, &job->series[i]))
            return false;
    return true;
}

int probe_explain(int argc, char **argv)
{
    const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {.children = children,
                              .doc =
                                  "Tell why a kernel is chosen for the layers of a plan, which is read from standard "
                                  "input as by bench; nothing is measured."};
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    /* Pinned as bench is: a cost may depend on the caches of the core. */
    if (!options_start() || (options_cpu() < 0 && !env_pin(-1)))
        return PROBE_BAD_INPUT;
    return plan_read(stdin, "explain", explain, NULL);
}
