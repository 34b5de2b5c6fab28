#include "harness/measure/measure.h"

#include "harness/base/memory.h"
#include "harness/measure/bound.h"
#include "harness/measure/counts.h"
#include "harness/process/pool.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Seconds without a line after which a probe counts as hanging. */
enum {
    NATIVE_SILENCE = 600,
    EMULATED_SILENCE = 3600,
};

struct session {
    struct assay_measuring *m;
    struct assay_pool *pool;
    size_t steps, steps_done; /* processes to run */
    double started;
    bool stored; /* false: the records could not be written */
};

/* One job on its way through its processes. */
struct work {
    struct session *session;
    const struct assay_bench *bench;
    const struct assay_job *job;
    size_t pass, passes;
    char *input;
    const char *counts; /* emulated: the plugin's file */
    struct assay_arguments arguments;
    struct assay_measured *measured; /* for each series */
    bool *answered;                  /* in this pass */
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static bool emulated(const struct work *work)
{
    return assay_target_emulated(work->bench->link.stand.target);
}

static void show_progress(const struct work *work, bool done)
{
    const struct session *s = work->session;
    if (!s->m->store)
        return;
    const double spent = now() - s->started;
    const double left = s->steps_done > 0 ? spent / (double)s->steps_done * (double)(s->steps - s->steps_done) : 0;
    assay_progress(!done, "[%zu/%zu] %s %s (%zu series)%s%s", s->steps_done, s->steps, work->bench->link.stand.label,
                   work->job->layer->name, work->job->count, done ? " done" : "",
                   s->steps_done > 0 ? assay_format(", about %d:%02d left", (int)left / 60, (int)left % 60) : "");
}

static void add_samples(struct work *work, struct assay_measured *measured, const json_t *line)
{
    size_t i;
    json_t *sample;
    if (!measured->samples) {
        measured->samples = json_array();
        measured->processes = json_array();
    }
    json_array_foreach(json_object_get(line, "samples"), i, sample)
    {
        if (!json_is_number(sample) || !(json_number_value(sample) > 0))
            continue;
        json_array_append(measured->samples, sample);
        json_array_append_new(measured->processes, json_integer((json_int_t)work->pass));
    }
}

/* What is the least of all processes: what stood in the way of one, in its packing or in measuring its peaks, need not
 * have stood in another's. */
static void keep_least(json_t *line, json_t *before)
{
    json_t *pack = json_object_get(before, "pack_ns"), *packed = json_object_get(line, "pack_ns");
    json_t *bound = assay_bound_least(json_object_get(before, "bound"), json_object_get(line, "bound"));
    if (json_is_number(pack) && json_is_number(packed) && json_number_value(pack) < json_number_value(packed))
        json_object_set(line, "pack_ns", pack);
    if (bound)
        json_object_set(line, "bound", bound);
}

static void work_line(void *context, const char *text, size_t length)
{
    struct work *work = context;
    json_t *line = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    const char *type = json_string_value(json_object_get(line, "type"));
    const char *key = json_string_value(json_object_get(line, "key"));
    if (!line) {
        assay_say("%s: %s: the probe printed what is no JSON: %.100s", work->bench->link.stand.label,
                  work->job->layer->name, text);
    } else if (type && key && strcmp(type, "measurement") == 0) {
        size_t i = 0;
        while (i < work->job->count && strcmp(work->job->series[i].key, key) != 0)
            i++;
        if (i < work->job->count) {
            keep_least(line, work->measured[i].last);
            json_decref(work->measured[i].last);
            work->measured[i].last = json_incref(line);
            work->answered[i] = true;
            add_samples(work, &work->measured[i], line);
        }
    }
    json_decref(line);
}

static bool has_outcome(const struct assay_measured *m, const char *outcome)
{
    const char *given = json_string_value(json_object_get(m->last, "outcome"));
    return given && strcmp(given, outcome) == 0;
}

static void read_counts(struct work *work)
{
    json_t *counts = assay_counts_take(work->counts);
    for (size_t i = 0; i < work->job->count; i++) {
        struct assay_measured *m = &work->measured[i];
        m->counts =
            json_incref(assay_counts_find(counts, json_object_get(m->last, "region"), json_object_get(m->last, "pid")));
        /* What is wrong was not measured, and has no count that could lack anything. */
        if (!m->failure && has_outcome(m, "pass"))
            m->failure = assay_counts_flaw(m->counts);
    }
    json_decref(counts);
}

void assay_measuring_count(struct assay_measuring *m, const json_t *record)
{
    const char *outcome = json_string_value(json_object_get(record, "outcome"));
    if (strcmp(outcome, "pass") == 0)
        m->passed++;
    else if (strcmp(outcome, "unsupported") == 0)
        m->unsupported++;
    else if (strcmp(outcome, "fail") == 0)
        m->failed++;
    else
        m->errors++;
}

/* A record that does not follow the schema shows a probe of another version; the reader would refuse the whole file. */
static json_t *checked_record(const struct work *work, size_t series, double baseline)
{
    struct assay_measuring *m = work->session->m;
    const struct assay_bench *bench = work->bench;
    struct assay_record view;
    char message[ASSAY_RECORD_MESSAGE];
    json_t *record = assay_record_make(&m->identity, &bench->link.stand, bench->machine, work->job, series,
                                       &work->measured[series], baseline);
    assay_record_set_hash(record, assay_code_hash(bench->code, json_string_value(json_object_get(record, "kernel"))));
    if (assay_record_view(record, &view, message)) {
        json_decref(view.json);
        return record;
    }
    assay_say("%s: the probe's answer makes no valid record: %s", work->job->series[series].id, message);
    json_decref(record);
    const struct assay_measured nothing = {.failure = "the probe's answer was not understood"};
    return assay_record_make(&m->identity, &bench->link.stand, bench->machine, work->job, series, &nothing, baseline);
}

static void store_records(struct work *work)
{
    struct assay_measuring *m = work->session->m;
    const struct assay_job *job = work->job;
    const double baseline =
        job->baseline < job->count ? assay_measured_value(&work->measured[job->baseline], emulated(work)) : NAN;
    json_t *records = json_array();
    for (size_t i = 0; i < job->count; i++) {
        if (!job->series[i].recorded)
            continue;
        json_t *record = checked_record(work, i, baseline);
        assay_measuring_count(m, record);
        json_array_append_new(records, record);
    }
    if (!m->store) {
        m->take(m->context, records);
    } else if (!assay_store_append(m->store, records)) {
        work->session->stored = false;
        assay_pool_stop(work->session->pool);
    }
    json_decref(records);
}

static void free_work(struct work *work)
{
    free(work->input);
    free(work->arguments.items);
    for (size_t i = 0; i < work->job->count; i++) {
        json_decref(work->measured[i].last);
        json_decref(work->measured[i].samples);
        json_decref(work->measured[i].processes);
        json_decref(work->measured[i].counts);
    }
    *work = (struct work){0};
}

static struct assay_task task_of(struct work *work);

static void work_end(void *context, int status, int err)
{
    struct work *work = context;
    struct session *session = work->session;
    bool lost = false;
    for (size_t i = 0; i < work->job->count; i++) {
        if (!work->answered[i] && !work->measured[i].failure) {
            const char *said = assay_last_line(err);
            work->measured[i].failure = assay_format("the probe ended without measuring it: %s%s%s",
                                                     assay_status_text(status), *said ? ": " : "", said);
            lost = true;
        }
        work->answered[i] = false;
    }
    if (lost)
        assay_say("%s: %s: the probe ended early (%s); the series it had not measured are recorded as errors",
                  work->bench->link.stand.label, work->job->layer->name, assay_status_text(status));
    session->steps_done++;
    work->pass++;
    if (!lost && work->pass < work->passes) {
        show_progress(work, false);
        assay_pool_add_next(session->pool, task_of(work));
        return;
    }
    session->steps_done += work->passes - work->pass;
    if (work->counts)
        read_counts(work);
    show_progress(work, true);
    store_records(work);
    free_work(work);
}

static struct assay_task task_of(struct work *work)
{
    return (struct assay_task){.arguments = work->arguments.items,
                               .input = work->input,
                               .input_length = strlen(work->input),
                               .alone = !emulated(work),
                               .silence = emulated(work) ? EMULATED_SILENCE : NATIVE_SILENCE,
                               .line = work_line,
                               .end = work_end,
                               .context = work};
}

static void add_work(struct session *session, struct work *work, const struct assay_bench *bench,
                     const struct assay_job *job)
{
    const bool counted = assay_target_emulated(bench->link.stand.target);
    char *line = assay_job_line(job, session->m->suite, counted, session->m->identity.seed);
    *work = (struct work){.session = session, .bench = bench, .job = job, .passes = counted ? 1 : session->m->passes};
    if (asprintf(&work->input, "%s\n", line) < 0)
        abort();
    free(line);
    if (counted)
        work->counts = assay_counts_path(work);
    work->arguments = assay_link_arguments(&bench->link, "bench", work->counts);
    work->measured = assay_keep(job->count * sizeof(*work->measured));
    work->answered = assay_keep(job->count * sizeof(*work->answered));
    session->steps += work->passes;
    assay_pool_add(session->pool, task_of(work));
}

bool assay_measure(struct assay_measuring *m)
{
    struct session session = {.m = m, .pool = assay_pool_new(m->width), .started = now(), .stored = true};
    size_t count = 0, next = 0;
    for (size_t i = 0; i < m->bench_count; i++)
        count += m->benches[i].jobs.count;
    struct work *works = assay_keep(count * sizeof(*works));
    /* Native ones first, while the emulators do not yet warm the machine. */
    for (int counted = 0; counted < 2; counted++)
        for (size_t i = 0; i < m->bench_count; i++)
            for (size_t j = 0; j < m->benches[i].jobs.count; j++)
                if (assay_target_emulated(m->benches[i].link.stand.target) == (counted == 1))
                    add_work(&session, &works[next++], &m->benches[i], &m->benches[i].jobs.items[j]);
    const bool complete = assay_pool_run(session.pool);
    assay_pool_free(session.pool);
    if (m->store)
        assay_progress_end();
    for (size_t i = 0; i < count; i++) {
        if (!works[i].job)
            continue;
        if (works[i].counts)
            unlink(works[i].counts);
        free_work(&works[i]);
    }
    return complete && session.stored;
}
