#include "harness/commands/explain.h"

#include "harness/base/memory.h"
#include "harness/measure/plan.h"
#include "harness/suite/find.h"
#include "harness/target/build.h"
#include "harness/target/reach.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The suite, and in *filter the case's name. */
static const struct assay_suite *find(const char *what, const char **filter)
{
    *filter = "case";
    if (what[0] == '{')
        return assay_suite_of_case(what);
    const char *slash = strrchr(what, '/');
    if (!slash || slash == what || slash[1] == '\0') {
        assay_say("--explain '%s': name a case as SUITE/CASE, or write one as in a suite's file: '{op: gemm, m: 1, n: "
                  "10, k: 256}'",
                  what);
        return NULL;
    }
    *filter = slash + 1;
    const char *path = assay_suite_path(assay_keep_bytes(what, (size_t)(slash - what)));
    return path ? assay_suite_read(path) : NULL;
}

static const struct assay_series *series_of(const struct assay_job *job, const char *key)
{
    for (size_t i = 0; i < job->count; i++)
        if (key && strcmp(job->series[i].key, key) == 0)
            return &job->series[i];
    return NULL;
}

/* "least stated cost", "refuses: …", "a baseline", or nothing for one that costs more. */
static const char *verdict(const json_t *line)
{
    const char *refuses = json_string_value(json_object_get(line, "refuses"));
    const char *why = json_string_value(json_object_get(line, "why"));
    if (json_is_true(json_object_get(line, "chosen")))
        return assay_format("chosen: %s", why ? why : "");
    if (refuses)
        return assay_format("refuses: %s", refuses);
    return json_integer_value(json_object_get(line, "rank")) < 0 ? "a baseline" : "";
}

static void describe(const struct assay_job *job, const struct assay_series *s, json_t *line)
{
    const json_t *cost = json_object_get(line, "cost");
    json_object_set_new(line, "case", json_string(job->layer->name));
    json_object_set_new(line, "op", json_string(assay_op_name(s->op)));
    json_object_set_new(line, "mode", json_string(assay_mode_name(s->mode)));
    json_object_set_new(line, "structure", json_string(assay_structure_name(s->structure)));
    json_object_set_new(line, "sparsity", json_real(s->sparsity));
    json_object_set_new(line, "choice", json_string(verdict(line)));
    json_object_set_new(line, "cycles",
                        json_string(json_is_number(cost) ? assay_format("%.0f", json_number_value(cost)) : "–"));
}

/* Appends what the probe says of one job. */
static bool explain_job(const struct assay_link *link, const struct assay_suite *suite, unsigned modes,
                        const struct assay_job *job, json_t *rows)
{
    char *line = assay_job_line(job, suite, assay_target_emulated(link->stand.target), 1);
    json_t *lines = assay_link_ask_about(link, "explain", assay_format("%s\n", line)), *row;
    size_t i;
    free(line);
    json_array_foreach(lines, i, row)
    {
        const struct assay_series *s = series_of(job, json_string_value(json_object_get(row, "key")));
        if (!s || !s->recorded || !(modes & 1u << s->mode)) /* fp32 is in every job */
            continue;
        describe(job, s, row);
        json_object_set_new(row, "target", json_string(link->stand.label));
        json_array_append(rows, row);
    }
    const bool good = lines != NULL;
    json_decref(lines);
    return good;
}

static bool explain_stand(const struct assay_stand *stand, const struct assay_suite *suite,
                          const struct assay_choice *choice, json_t *rows)
{
    struct assay_link link;
    json_t *kernels =
        assay_build(stand->target) && assay_link_open(stand, &link) ? assay_link_ask(&link, "list") : NULL;
    if (!kernels)
        return false;
    const struct assay_job_list jobs = assay_plan(suite, choice, stand, kernels);
    json_decref(kernels);
    bool good = true;
    for (size_t i = 0; good && i < jobs.count; i++)
        good = explain_job(&link, suite, choice->modes, &jobs.items[i], rows);
    return good;
}

json_t *assay_explain(const char *what, unsigned modes, const struct assay_selection *selection)
{
    struct assay_target_list targets;
    struct assay_stand *stands;
    size_t count;
    struct assay_choice choice = {.modes = modes, .roles = 1u << ASSAY_ROLE_BEST};
    const struct assay_suite *suite = find(what, &choice.filter);
    if (!suite || !assay_selection_resolve(selection, ASSAY_THIS_MACHINE, &targets, &stands, &count))
        return NULL;
    json_t *rows = json_array();
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = explain_stand(&stands[i], suite, &choice, rows);
    if (good && json_array_size(rows) == 0) {
        assay_say("--explain '%s': the suite %s has no such case in these modes", what, suite->name);
        good = false;
    }
    if (!good) {
        json_decref(rows);
        return NULL;
    }
    return rows;
}
