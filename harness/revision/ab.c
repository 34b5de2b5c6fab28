#include "harness/revision/ab.h"

#include "harness/base/memory.h"
#include "harness/commands/run_parts.h"
#include "harness/target/board.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const side_names[2] = {"a", "b"};

/* Where records go while one process measures. */
struct taking {
    const struct assay_ab_subject *subject;
    size_t side, process;
    json_t *records;
};

bool assay_ab_open(const struct assay_stand *stand, const char *path, const char *name, const char *commit,
                   struct assay_ab_side *side)
{
    struct assay_target *target = assay_keep(sizeof(*target));
    *target = *stand->target;
    target->probe = path;
    if (target->reach == ASSAY_REACH_SSH) /* or both sides would be copied to one place */
        target->folder = assay_format("%s-%s", assay_board_folder(stand->target), name);
    const struct assay_stand own = {.target = target, .lane = stand->lane, .label = stand->label};
    *side = (struct assay_ab_side){.name = name, .commit = commit};
    return assay_run_reach(&own, &side->bench);
}

struct assay_job_list assay_ab_jobs(const struct assay_suite *suite, const struct assay_stand *stand,
                                    const json_t *kernels, const char *series_id)
{
    const struct assay_choice all = {.modes = ~0u, .roles = ~0u};
    const struct assay_job_list planned = assay_plan(suite, &all, stand, kernels);
    for (size_t i = 0; i < planned.count; i++)
        for (size_t k = 0; k < planned.items[i].count; k++) {
            if (strcmp(planned.items[i].series[k].id, series_id) != 0)
                continue;
            struct assay_job *job = assay_keep(sizeof(*job));
            *job = (struct assay_job){.layer = planned.items[i].layer,
                                      .name = planned.items[i].name,
                                      .series = &planned.items[i].series[k],
                                      .count = 1,
                                      .baseline = 1};
            job->series->recorded = true;
            return (struct assay_job_list){job, 1};
        }
    return (struct assay_job_list){0};
}

json_t *assay_ab_find(const json_t *records, const char *series_id)
{
    size_t i;
    json_t *record;
    json_array_foreach(records, i, record)
    {
        const char *id = json_string_value(json_object_get(record, "series_id"));
        if (id && strcmp(id, series_id) == 0)
            return record;
    }
    return NULL;
}

static bool is_pass(const json_t *record)
{
    const char *outcome = json_string_value(json_object_get(record, "outcome"));
    return outcome && strcmp(outcome, "pass") == 0;
}

/* The samples were taken by process 0 of a run of its own; here they are of another. */
static void number_processes(json_t *record, size_t process)
{
    json_t *performance = json_object_get(record, "performance"), *numbers = json_array();
    const size_t count = json_array_size(json_object_get(performance, "samples"));
    for (size_t i = 0; i < count; i++)
        json_array_append_new(numbers, json_integer((json_int_t)process));
    if (count > 0)
        json_object_set(performance, "processes", numbers);
    json_decref(numbers);
}

/* Adds what a further process measured. What it could not measure stays unmeasured: half a series is none. */
static void merge(json_t *into, json_t *from)
{
    json_t *performance = json_object_get(into, "performance"), *more = json_object_get(from, "performance");
    json_t *value = json_object_get(from, "value");
    if (!is_pass(into))
        return;
    if (!is_pass(from)) {
        json_object_update(into, from);
        return;
    }
    json_array_extend(json_object_get(performance, "samples"), json_object_get(more, "samples"));
    json_array_extend(json_object_get(performance, "processes"), json_object_get(more, "processes"));
    if (json_number_value(value) < json_number_value(json_object_get(into, "value")))
        json_object_set(into, "value", value);
}

static void take(void *context, json_t *records)
{
    struct taking *t = context;
    size_t i;
    json_t *record;
    json_array_foreach(records, i, record)
    {
        json_object_set_new(json_object_get(record, "identity"), "ab",
                            json_pack("{ss ss}", "name", t->subject->name, "side", side_names[t->side]));
        number_processes(record, t->process);
        json_t *known = assay_ab_find(t->records, json_string_value(json_object_get(record, "series_id")));
        if (known)
            merge(known, record);
        else
            json_array_append(t->records, record);
    }
}

static struct assay_run_identity identity_of(const struct assay_ab_subject *subject, const struct assay_ab_side *side)
{
    struct assay_request request = {.seed = subject->seed};
    assay_run_begin(&request);
    return (struct assay_run_identity){.run_id = request.run_id,
                                       .suite = subject->suite ? subject->suite->name : "networks",
                                       .started = request.started,
                                       .commit = side->commit,
                                       .seed = subject->seed};
}

/* One process, one job. */
static bool measure_job(struct taking *t, const struct assay_ab_side *side, const struct assay_suite *suite, size_t job)
{
    struct assay_bench bench = side->bench;
    bench.jobs = (struct assay_job_list){&t->subject->jobs.items[job], 1};
    struct assay_measuring m = {.suite = suite,
                                .identity = identity_of(t->subject, side),
                                .take = take,
                                .context = t,
                                .benches = &bench,
                                .bench_count = 1,
                                .width = 1,
                                .passes = 1};
    return assay_measure(&m);
}

static bool measure_network(struct taking *t, const struct assay_ab_side *side,
                            const struct assay_model_settings *settings)
{
    const struct assay_model_case *c = &t->subject->network;
    const struct assay_stand *stand = &side->bench.link.stand;
    const struct assay_model_series series = {.label = assay_model_series_id(c, stand->label),
                                              .file = c->file,
                                              .kernel = c->kernel,
                                              .threads = c->threads,
                                              .batch = c->batch,
                                              .half = c->half};
    const struct assay_run_identity identity = identity_of(t->subject, side);
    struct assay_model_result result;
    if (!assay_model_measure(&side->bench.link, &series, 1, settings, &result))
        return false;
    json_t *records = assay_model_records(&identity, stand, side->bench.machine, c, &result, NULL);
    assay_model_records_set_hashes(records, side->bench.code, &result);
    take(t, records);
    json_decref(records);
    return true;
}

/* A process of each side; in odd pairs B goes first. */
static bool measure_pair(const struct assay_ab_subject *subject, const struct assay_ab_side *sides[2], size_t job,
                         size_t pair, json_t *records[2])
{
    struct assay_model_settings settings = assay_model_defaults();
    settings.passes = 1;
    settings.seed = subject->seed;
    for (size_t k = 0; k < 2; k++) {
        const size_t side = (pair + k) % 2;
        struct taking t = {.subject = subject, .side = side, .process = pair, .records = records[side]};
        if (!(subject->suite ? measure_job(&t, sides[side], subject->suite, job)
                             : measure_network(&t, sides[side], &settings)))
            return false;
    }
    return true;
}

/* How many processes have measured what is in the records: the greatest number of one, and one more. */
static size_t processes_of(const json_t *records)
{
    size_t count = 0, i, k;
    const json_t *record, *number;
    json_array_foreach(records, i, record)
    {
        json_array_foreach(json_object_get(json_object_get(record, "performance"), "processes"), k, number)
        {
            const size_t process = (size_t)json_integer_value(number);
            count = process + 1 > count ? process + 1 : count;
        }
    }
    return count;
}

bool assay_ab_measure(const struct assay_ab_subject *subject, const struct assay_ab_side *sides[2], size_t processes,
                      json_t *records[2])
{
    const size_t before_a = processes_of(records[0]), before_b = processes_of(records[1]);
    const size_t before = before_a > before_b ? before_a : before_b, jobs = subject->suite ? subject->jobs.count : 1;
    if (assay_target_emulated(sides[0]->bench.link.stand.target))
        processes = 1;
    for (size_t job = 0; job < jobs; job++)
        for (size_t i = 0; i < processes; i++)
            if (!measure_pair(subject, sides, job, before + i, records))
                return false;
    return true;
}

bool assay_ab_look(const struct assay_ab_subject *subject, const struct assay_ab_side *side, json_t *records)
{
    struct taking t = {.subject = subject, .records = records};
    if (!subject->suite) {
        struct assay_model_settings settings = assay_model_defaults();
        settings.passes = settings.rounds = 1;
        settings.round_us = 1;
        settings.seed = subject->seed;
        return measure_network(&t, side, &settings);
    }
    struct assay_suite brief = *subject->suite;
    brief.rounds = brief.round_us = 1;
    for (size_t job = 0; job < subject->jobs.count; job++)
        if (!measure_job(&t, side, &brief, job))
            return false;
    return true;
}

/* The least sample of a process; NaN if it has none. */
static double least_of(const json_t *record, size_t process)
{
    const json_t *performance = json_object_get(record, "performance");
    const json_t *samples = json_object_get(performance, "samples"),
                 *numbers = json_object_get(performance, "processes");
    double least = NAN;
    for (size_t i = 0; i < json_array_size(samples); i++) {
        const double sample = json_number_value(json_array_get(samples, i));
        if ((size_t)json_integer_value(json_array_get(numbers, i)) == process && !(sample >= least))
            least = sample;
    }
    return least;
}

size_t assay_ab_pairs(const json_t *a, const json_t *b, double *of_a, double *of_b, size_t most)
{
    if (!is_pass(a) || !is_pass(b) || most == 0)
        return 0;
    if (json_is_true(json_object_get(a, "emulated"))) {
        of_a[0] = json_number_value(json_object_get(a, "value"));
        of_b[0] = json_number_value(json_object_get(b, "value"));
        return of_a[0] > 0 && of_b[0] > 0;
    }
    size_t count = 0;
    for (size_t process = 0; count < most; process++) {
        of_a[count] = least_of(a, process);
        of_b[count] = least_of(b, process);
        if (isnan(of_a[count]) && isnan(of_b[count]))
            break;
        count += of_a[count] > 0 && of_b[count] > 0;
    }
    return count;
}

size_t assay_ab_ratios(const json_t *a, const json_t *b, double *ratios, size_t most)
{
    double *of_a = calloc(most + 1, sizeof(*of_a));
    const size_t count = of_a ? assay_ab_pairs(a, b, of_a, ratios, most) : 0;
    for (size_t i = 0; i < count; i++)
        ratios[i] /= of_a[i];
    free(of_a);
    return count;
}
