#include "harness/measure/plan.h"

#include "harness/base/memory.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* Series in one job, about: more would need more memory at a time, and an interrupted job loses more. */
enum { FULL_JOB = 64 };

/* One numeric mode and structure of the weights: its kernels are compared with each other, so they stay in one job. */
struct group {
    enum assay_op op;
    enum assay_mode mode;
    enum assay_structure structure;
    double sparsity;
};

struct planner {
    const struct assay_stand *stand;
    const struct assay_choice *choice;
    const json_t *kernels;
    const struct assay_case *layer;
    struct assay_series *series; /* of the job being filled */
    size_t count, capacity;
    bool baseline_recorded;
    struct assay_job *jobs;
    size_t job_count, job_capacity;
};

bool assay_choice_takes(const struct assay_choice *choice, const struct assay_case *layer)
{
    return !choice->filter || fnmatch(choice->filter, layer->name, 0) == 0;
}

static const char *name_of(const struct planner *p)
{
    const size_t threads = p->choice->threads;
    return threads > 1 ? assay_format("%s+threads%zu", p->layer->name, threads) : p->layer->name;
}

static void add(struct planner *p, const struct group *g, const char *role, const char *origin)
{
    const char *key = assay_format("%s/%s@%g/%s%s%s", assay_mode_name(g->mode), assay_structure_name(g->structure),
                                   g->sparsity, role, origin ? "/" : "", origin ? origin : "");
    assay_grow(&p->series, &p->capacity, p->count, sizeof(*p->series));
    p->series[p->count++] = (struct assay_series){
        .id = assay_format("%s/%s/%s/%s", p->stand->label, name_of(p), assay_op_name(g->op), key),
        .key = key,
        .op = g->op,
        .mode = g->mode,
        .structure = g->structure,
        .sparsity = g->sparsity,
        .role = role,
        .origin = origin,
        .recorded = true,
    };
}

static void add_named(struct planner *p, const struct group *g, const char *kernel)
{
    add(p, g, "named", kernel);
    p->series[p->count - 1].origin = NULL;
    p->series[p->count - 1].kernel = kernel;
}

static bool has_baseline(const struct planner *p)
{
    return p->layer->problem.op != ASSAY_OP_QUANTIZE;
}

/* The op of a case's dense series. */
static enum assay_op dense_op(const struct assay_case *layer)
{
    return layer->problem.op == ASSAY_OP_SPMM ? ASSAY_OP_GEMM : layer->problem.op;
}

/* Each job begins with the baseline, so that a ratio is always of series that were interleaved. */
static void begin_job(struct planner *p)
{
    if (!has_baseline(p))
        return;
    add(p, &(struct group){.op = dense_op(p->layer), .mode = ASSAY_MODE_FP32}, "best", NULL);
    p->series[0].recorded = !p->baseline_recorded;
    p->baseline_recorded = true;
}

static void end_job(struct planner *p)
{
    const size_t alone = has_baseline(p) && p->count > 0 && !p->series[0].recorded ? 1 : 0;
    if (p->count > alone) {
        struct assay_series *kept = assay_keep(p->count * sizeof(*kept));
        memcpy(kept, p->series, p->count * sizeof(*kept));
        assay_grow(&p->jobs, &p->job_capacity, p->job_count, sizeof(*p->jobs));
        p->jobs[p->job_count++] = (struct assay_job){.layer = p->layer,
                                                     .name = name_of(p),
                                                     .threads = p->choice->threads,
                                                     .series = kept,
                                                     .count = p->count,
                                                     .baseline = has_baseline(p) ? 0 : p->count};
    }
    p->count = 0;
}

static bool is_string(const json_t *line, const char *key, const char *text)
{
    const char *value = json_string_value(json_object_get(line, key));
    return value && strcmp(value, text) == 0;
}

/* Every peer that has a kernel for the group, once each. */
static void add_peers(struct planner *p, const struct group *g)
{
    const size_t first = p->count;
    size_t i;
    const json_t *line;
    json_array_foreach(p->kernels, i, line)
    {
        const char *origin = json_string_value(json_object_get(line, "origin"));
        if (!origin || strcmp(origin, "assay") == 0 || !is_string(line, "op", assay_op_name(g->op)) ||
            !is_string(line, "mode", assay_mode_name(g->mode)) ||
            !is_string(line, "structure", assay_structure_name(g->structure)) ||
            json_is_false(json_object_get(line, "runnable")))
            continue;
        size_t known = first;
        while (known < p->count && strcmp(p->series[known].origin, origin) != 0)
            known++;
        if (known == p->count)
            add(p, g, "peer", assay_keep_string(origin));
    }
}

/* Every kernel of ours for the group that selection could take: baselines are none. */
static void add_every(struct planner *p, const struct group *g)
{
    size_t i;
    const json_t *line;
    json_array_foreach(p->kernels, i, line)
    {
        if (is_string(line, "origin", "assay") && is_string(line, "op", assay_op_name(g->op)) &&
            is_string(line, "mode", assay_mode_name(g->mode)) &&
            is_string(line, "structure", assay_structure_name(g->structure)) &&
            !json_is_false(json_object_get(line, "runnable")) && json_integer_value(json_object_get(line, "rank")) >= 0)
            add_named(p, g, assay_keep_string(json_string_value(json_object_get(line, "name"))));
    }
}

static void add_group(struct planner *p, const struct group *g)
{
    const unsigned roles = p->layer->roles & p->choice->roles;
    const bool is_baseline = g->mode == ASSAY_MODE_FP32 && g->structure == ASSAY_DENSE && has_baseline(p);
    if (p->count >= FULL_JOB)
        end_job(p);
    if (p->count == 0)
        begin_job(p);
    for (size_t role = 0; role < ASSAY_ROLE_PEERS; role++)
        if (roles & 1u << role && !(is_baseline && role == ASSAY_ROLE_BEST))
            add(p, g, assay_role_names[role], NULL);
    if (roles & 1u << ASSAY_ROLE_PEERS)
        add_peers(p, g);
    if (p->choice->roles & 1u << ASSAY_ROLE_EVERY)
        add_every(p, g);
}

static void plan_case(struct planner *p)
{
    const unsigned modes = p->layer->modes & p->choice->modes;
    p->baseline_recorded = false;
    for (size_t mode = 0; mode < ASSAY_MODE_COUNT; mode++)
        if (modes & 1u << mode)
            add_group(p, &(struct group){.op = dense_op(p->layer), .mode = (enum assay_mode)mode});
    for (size_t structure = 1; structure < ASSAY_STRUCTURE_COUNT; structure++)
        for (size_t s = 0; p->layer->structures & 1u << structure && s < p->layer->sparsity_count; s++)
            for (size_t mode = 0; mode < ASSAY_MODE_COUNT; mode++)
                if (modes & 1u << mode)
                    add_group(p, &(struct group){ASSAY_OP_SPMM, (enum assay_mode)mode, (enum assay_structure)structure,
                                                 p->layer->sparsities[s]});
    end_job(p);
}

struct assay_job_list assay_plan(const struct assay_suite *suite, const struct assay_choice *choice,
                                 const struct assay_stand *stand, const json_t *kernels)
{
    struct planner p = {.stand = stand, .choice = choice, .kernels = kernels};
    for (size_t i = 0; i < suite->case_count; i++) {
        p.layer = &suite->cases[i];
        if (assay_choice_takes(choice, p.layer))
            plan_case(&p);
    }
    struct assay_job *kept = assay_keep(p.job_count * sizeof(*kept));
    if (p.job_count > 0)
        memcpy(kept, p.jobs, p.job_count * sizeof(*kept));
    free(p.jobs);
    free(p.series);
    return (struct assay_job_list){kept, p.job_count};
}

struct assay_job assay_job_remaining(const struct assay_job *job, bool (*is_done)(void *context, const char *id),
                                     void *context)
{
    struct assay_job rest = *job;
    rest.series = assay_keep(job->count * sizeof(*rest.series));
    rest.count = 0;
    const bool has = job->baseline < job->count;
    bool wanted = false;
    for (size_t i = 0; i < job->count; i++) {
        struct assay_series series = job->series[i];
        const bool done = !series.recorded || is_done(context, series.id);
        wanted = wanted || !done;
        if (done && !(has && i == job->baseline))
            continue;
        series.recorded = !done;
        rest.series[rest.count++] = series;
    }
    if (!wanted)
        rest.count = 0;
    rest.baseline = has ? 0 : rest.count;
    return rest;
}
