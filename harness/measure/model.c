#include "harness/measure/model.h"

#include "harness/base/memory.h"
#include "harness/measure/bound.h"
#include "harness/measure/counts.h"
#include "harness/process/pool.h"
#include "harness/target/ship.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Seconds without a line after which a probe counts as hanging. It prints nothing until its rounds are over. */
enum { SILENCE = 3600 };

/* One series on its way. */
struct entry {
    const struct assay_model_series *series;
    const char *file; /* as the target sees it */
    struct assay_model_result *result;
    json_t *last; /* the newest measurement line */
    const char *failure;
    bool answered; /* in this process */
};

struct session {
    const struct assay_link *link;
    const struct assay_model_settings *settings;
    struct assay_pool *pool;
    size_t steps, steps_done;
};

/* One process after the other, measuring the same entries. */
struct work {
    struct session *session;
    struct entry *entries;
    size_t count, pass, passes;
    char *input;
    const char *counts; /* emulated: the plugin's file */
    struct assay_arguments arguments;
};

struct assay_model_settings assay_model_defaults(void)
{
    return (struct assay_model_settings){.rounds = 12, .round_us = 2000, .passes = 3, .width = 1, .seed = 1};
}

static bool emulated(const struct work *work)
{
    return assay_target_emulated(work->session->link->stand.target);
}

/* The job as a line for the probe; the caller frees it. A series' key is its position. */
static char *job_line(const struct work *work)
{
    const struct assay_model_settings *s = work->session->settings;
    json_t *list = json_array();
    for (size_t i = 0; i < work->count; i++) {
        const struct assay_model_series *series = work->entries[i].series;
        json_t *item =
            json_pack("{so ss ss sI}", "key", json_sprintf("%zu", i), "file", work->entries[i].file, "kernel",
                      series->kernel, "threads", (json_int_t)(series->threads ? series->threads : 1));
        if (item && series->batch > 0)
            json_object_set_new(item, "batch", json_integer((json_int_t)series->batch));
        if (item && series->origin)
            json_object_set_new(item, "origin", json_string(series->origin));
        if (item && series->half)
            json_object_set_new(item, "half", json_true());
        if (item)
            json_array_append_new(list, item);
    }
    json_t *line = json_pack("{ss si ss sI sI sI so}", "type", "model", "id", 0, "metric",
                             emulated(work) ? "instructions" : "ns", "rounds", (json_int_t)s->rounds, "round_ns",
                             (json_int_t)s->round_us * 1000, "seed", s->seed, "series", list);
    char *text = json_dumps(line, JSON_COMPACT), *whole = NULL;
    json_decref(line);
    if (!text || asprintf(&whole, "%s\n", text) < 0)
        abort();
    free(text);
    return whole;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? assay_keep_string(text) : NULL;
}

static int64_t integer_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? (int64_t)json_integer_value(value) : -1;
}

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* Samples of one more process. A layer may take less than looking at the clock does: 0 is a sample. */
static void add_samples(struct assay_model_value *value, const json_t *line, size_t process)
{
    const json_t *list = json_object_get(line, "samples"), *sample;
    const size_t most = value->sample_count + json_array_size(list);
    double *samples = assay_keep((most + 1) * sizeof(*samples));
    size_t *processes = assay_keep((most + 1) * sizeof(*processes)), i;
    for (size_t old = 0; old < value->sample_count; old++) {
        samples[old] = value->samples[old];
        processes[old] = value->processes[old];
    }
    json_array_foreach(list, i, sample)
    {
        const double ns = json_number_value(sample);
        if (!json_is_number(sample) || !(ns >= 0))
            continue;
        samples[value->sample_count] = ns;
        processes[value->sample_count++] = process;
        if (!(value->value <= ns))
            value->value = ns;
    }
    value->samples = samples;
    value->processes = processes;
    json_t *bound = json_incref(assay_bound_least(value->bound, json_object_get(line, "bound")));
    json_decref(value->bound);
    value->bound = bound;
}

/* The layers as the first answer has them; false if a later answer has others. */
static bool take_layers(struct assay_model_result *result, const json_t *list)
{
    size_t i;
    const json_t *line;
    if (result->layer_count > 0)
        return json_array_size(list) == result->layer_count;
    struct assay_model_layer *layers = assay_keep((json_array_size(list) + 1) * sizeof(*layers));
    json_array_foreach(list, i, line)
    {
        layers[i] = (struct assay_model_layer){.index = (size_t)integer_of(line, "index"),
                                               .op = text_of(line, "op"),
                                               .tensor = text_of(line, "tensor"),
                                               .kernel = text_of(line, "kernel"),
                                               .origin = text_of(line, "origin"),
                                               .macs = integer_of(line, "macs"),
                                               .weight_bytes = integer_of(line, "weight_bytes"),
                                               .measured = {.value = NAN}};
        if (integer_of(line, "index") < 0 || !layers[i].op)
            return false;
    }
    result->layers = layers;
    result->layer_count = json_array_size(list);
    return true;
}

static void take_answer(struct work *work, struct entry *entry, json_t *line)
{
    struct assay_model_result *r = entry->result;
    json_decref(entry->last);
    entry->last = json_incref(line);
    entry->answered = true;
    r->outcome = text_of(line, "outcome");
    r->message = text_of(line, "message");
    r->batch = integer_of(line, "batch");
    r->model_bytes = integer_of(line, "model_bytes");
    r->macs = integer_of(line, "macs");
    r->weight_bytes = integer_of(line, "weight_bytes");
    r->activation_bytes = integer_of(line, "activation_bytes");
    r->packed_bytes = integer_of(line, "packed_bytes");
    r->scratch_bytes = integer_of(line, "scratch_bytes");
    r->iterations = integer_of(line, "iterations");
    r->pack_ns = fmin(r->pack_ns, number_of(line, "pack_ns")); /* of all processes; a NaN is no number here */
    r->input_ns = number_of(line, "input_ns");
    r->clock_ns = number_of(line, "clock_ns");
    const json_t *layers = json_object_get(line, "layers");
    if (!r->outcome || !take_layers(r, layers))
        entry->failure = "the probe's answer was not understood; build it anew";
    if (entry->failure || emulated(work))
        return;
    add_samples(&r->measured, line, work->pass);
    for (size_t i = 0; i < json_array_size(layers); i++)
        add_samples(&r->layers[i].measured, json_array_get(layers, i), work->pass);
}

static void work_line(void *context, const char *text, size_t length)
{
    struct work *work = context;
    json_t *line = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    const char *type = json_string_value(json_object_get(line, "type"));
    const char *key = json_string_value(json_object_get(line, "key"));
    if (!line)
        assay_say("%s: the probe printed what is no JSON: %.100s", work->session->link->stand.label, text);
    for (size_t i = 0; type && key && strcmp(type, "measurement") == 0 && i < work->count; i++)
        if (strcmp(key, assay_format("%zu", i)) == 0)
            take_answer(work, &work->entries[i], line);
    json_decref(line);
}

static const char *take_count(struct assay_model_value *value, const json_t *counts, const json_t *line,
                              const json_t *pid)
{
    json_t *count = assay_counts_find(counts, json_object_get(line, "region"), pid);
    const char *flaw = assay_counts_flaw(count);
    const json_t *instructions = json_object_get(count, "instructions");
    if (flaw)
        return flaw;
    value->counts = json_incref(count);
    value->value = json_is_integer(instructions) ? (double)json_integer_value(instructions) : NAN;
    return NULL;
}

static void take_counts(struct work *work)
{
    json_t *counts = assay_counts_take(work->counts);
    for (size_t i = 0; i < work->count; i++) {
        struct entry *entry = &work->entries[i];
        struct assay_model_result *r = entry->result;
        const json_t *pid = json_object_get(entry->last, "pid"), *layers = json_object_get(entry->last, "layers");
        if (entry->failure || strcmp(r->outcome, "pass") != 0)
            continue;
        entry->failure = take_count(&r->measured, counts, entry->last, pid);
        for (size_t k = 0; !entry->failure && k < r->layer_count; k++)
            entry->failure = take_count(&r->layers[k].measured, counts, json_array_get(layers, k), pid);
    }
    json_decref(counts);
}

static struct assay_task task_of(struct work *work);

static void work_end(void *context, int status, int err)
{
    struct work *work = context;
    struct session *session = work->session;
    const char *said = assay_last_line(err);
    bool lost = false;
    for (size_t i = 0; i < work->count; i++) {
        struct entry *entry = &work->entries[i];
        if (!entry->answered && !entry->failure) {
            entry->failure = assay_format("the probe ended without measuring it: %s%s%s", assay_status_text(status),
                                          *said ? ": " : "", said);
            lost = true;
        }
        entry->answered = false;
    }
    if (lost)
        assay_say("%s: the probe ended early (%s); the networks it had not measured have no figures",
                  session->link->stand.label, assay_status_text(status));
    work->pass++;
    session->steps_done += lost ? work->passes - work->pass + 1 : 1;
    if (session->settings->progress)
        session->settings->progress(session->settings->context, session->steps_done, session->steps);
    if (!lost && work->pass < work->passes)
        assay_pool_add_next(session->pool, task_of(work));
    else if (work->counts)
        take_counts(work);
}

static struct assay_task task_of(struct work *work)
{
    return (struct assay_task){.arguments = work->arguments.items,
                               .input = work->input,
                               .input_length = strlen(work->input),
                               .alone = !emulated(work),
                               .silence = SILENCE,
                               .line = work_line,
                               .end = work_end,
                               .context = work};
}

static void add_work(struct session *session, struct work *work, struct entry *entries, size_t count)
{
    *work = (struct work){.session = session, .entries = entries, .count = count};
    const bool counted = emulated(work);
    work->passes = counted ? 1 : session->settings->passes;
    work->counts = counted ? assay_counts_path(work) : NULL;
    work->input = job_line(work);
    work->arguments = assay_link_arguments(session->link, "bench", work->counts);
    session->steps += work->passes;
    assay_pool_add(session->pool, task_of(work));
}

/* Each file once, whoever uses it. False, with a message. */
static bool send_files(struct assay_shipment *shipment, struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t known = 0;
        while (strcmp(entries[known].series->file, entries[i].series->file) != 0)
            known++;
        entries[i].file =
            known < i ? entries[known].file
                      : assay_ship_send(shipment, entries[i].series->file, assay_format("network%zu.tflite", i));
        if (!entries[i].file)
            return false;
    }
    return true;
}

static void finish(const struct assay_shipment *shipment, struct entry *entry)
{
    struct assay_model_result *r = entry->result;
    if (entry->failure) {
        r->outcome = "error";
        r->message = entry->failure;
    }
    if (r->message)
        r->message = assay_ship_explain(shipment, r->message);
    if (strcmp(r->outcome, "pass") != 0) {
        r->measured = (struct assay_model_value){.value = NAN};
        r->layer_count = 0;
    }
    json_decref(entry->last);
}

static bool run_all(struct session *session, struct entry *entries, size_t count)
{
    const bool counted = assay_target_emulated(session->link->stand.target);
    /* Times are interleaved in one process; counts do not depend on one another, so each gets its own. */
    const size_t work_count = counted ? count : count > 0;
    struct work *works = assay_keep((work_count + 1) * sizeof(*works));
    for (size_t i = 0; i < work_count; i++)
        add_work(session, &works[i], &entries[i], counted ? 1 : count);
    const bool complete = assay_pool_run(session->pool);
    for (size_t i = 0; i < work_count; i++) {
        free(works[i].input);
        free(works[i].arguments.items);
        if (!complete && works[i].counts)
            json_decref(assay_counts_take(works[i].counts));
    }
    return complete;
}

bool assay_model_measure(const struct assay_link *link, const struct assay_model_series *series, size_t count,
                         const struct assay_model_settings *settings, struct assay_model_result *results)
{
    struct session session = {.link = link, .settings = settings, .pool = assay_pool_new(settings->width)};
    struct entry *entries = assay_keep((count + 1) * sizeof(*entries));
    for (size_t i = 0; i < count; i++) {
        results[i] = (struct assay_model_result){.label = series[i].label,
                                                 .outcome = "error",
                                                 .measured = {.value = NAN},
                                                 .batch = -1,
                                                 .model_bytes = -1,
                                                 .macs = -1,
                                                 .weight_bytes = -1,
                                                 .activation_bytes = -1,
                                                 .packed_bytes = -1,
                                                 .scratch_bytes = -1,
                                                 .iterations = -1,
                                                 .pack_ns = NAN,
                                                 .input_ns = NAN,
                                                 .clock_ns = NAN};
        entries[i] = (struct entry){.series = &series[i], .result = &results[i]};
    }
    struct assay_shipment shipment;
    if (!assay_ship_open(link, &shipment))
        return false;
    const bool complete = send_files(&shipment, entries, count) && run_all(&session, entries, count);
    assay_pool_free(session.pool);
    for (size_t i = 0; i < count; i++)
        finish(&shipment, &entries[i]);
    assay_ship_close(&shipment);
    return complete;
}
