#include "harness/measure/record.h"

#include "harness/measure/bound.h"
#include "harness/measure/counts.h"
#include "reports/record/record.h"

#include <math.h>

double assay_measured_value(const struct assay_measured *measured, bool emulated)
{
    if (measured->failure)
        return NAN;
    if (emulated) {
        const json_t *count = json_object_get(measured->counts, "instructions");
        return json_is_integer(count) ? (double)json_integer_value(count) : NAN;
    }
    /* The minimum: of all estimators of a short run's time the one that a busy machine moves least. */
    double least = NAN;
    size_t i;
    const json_t *sample;
    json_array_foreach(measured->samples, i, sample)
    {
        if (!(json_number_value(sample) >= least))
            least = json_number_value(sample);
    }
    return least;
}

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* A member of the measurement as it is; null where there is none. */
static json_t *copy(const json_t *from, const char *key)
{
    json_t *value = json_object_get(from, key);
    return value ? json_incref(value) : json_null();
}

static void copy_members(json_t *to, const json_t *from, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (json_object_get(from, keys[i]))
            json_object_set(to, keys[i], json_object_get(from, keys[i]));
}

static json_t *performance(const struct assay_measured *m, bool emulated)
{
    static const char *const keys[] = {"iterations", "macs", "nonzero_macs"};
    json_t *json = json_object();
    copy_members(json, m->last, keys, sizeof(keys) / sizeof(keys[0]));
    if (emulated && m->counts)
        json_object_set_new(json, "counts", assay_counts_record(m->counts));
    else if (!emulated && json_array_size(m->samples) > 0) {
        json_object_set(json, "samples", m->samples);
        json_object_set(json, "processes", m->processes);
    }
    return json;
}

static json_t *code(const struct assay_job *job, const struct assay_measured *m)
{
    static const char *const keys[] = {"why", "cost", "packed_bytes", "weight_bytes", "pack_ns"};
    json_t *json = json_object();
    copy_members(json, m->last, keys, sizeof(keys) / sizeof(keys[0]));
    if (job->threads > 1)
        json_object_set_new(json, "threads", json_integer((json_int_t)job->threads));
    return json;
}

static json_t *accuracy(const struct assay_measured *m)
{
    json_t *given = json_object_get(m->last, "accuracy");
    return json_is_object(given) ? json_incref(given) : json_object();
}

static const char *outcome_of(const struct assay_measured *m)
{
    const char *outcome = json_string_value(json_object_get(m->last, "outcome"));
    return m->failure || !outcome ? "error" : outcome;
}

/* What was asked for, whatever came of it. */
static json_t *asked(const struct assay_stand *stand, const struct assay_job *job, const struct assay_series *s)
{
    return json_pack("{si ss ss ss ss ss sf ss ss ss sb}", "schema_version", ASSAY_RECORD_SCHEMA, "series_id", s->id,
                     "target", stand->label, "op", assay_op_name(s->op), "mode", assay_mode_name(s->mode), "structure",
                     assay_structure_name(s->structure), "sparsity", s->sparsity, "case", job->name, "role", s->role,
                     "metric", assay_target_emulated(stand->target) ? "instructions" : "ns", "emulated",
                     (int)assay_target_emulated(stand->target));
}

json_t *assay_identity_json(const struct assay_run_identity *run)
{
    return json_pack("{ss ss ss sI ss? so}", "run_id", run->run_id, "suite", run->suite, "started", run->started,
                     "seed", run->seed, "commit", run->commit, "dirty",
                     run->commit ? json_boolean(run->dirty) : json_null());
}

json_t *assay_record_make(const struct assay_run_identity *run, const struct assay_stand *stand, json_t *machine,
                          const struct assay_job *job, size_t series, const struct assay_measured *m, double baseline)
{
    const struct assay_series *s = &job->series[series];
    const bool emulated = assay_target_emulated(stand->target);
    const char *outcome = outcome_of(m);
    const double value = assay_measured_value(m, emulated);
    json_t *json = asked(stand, job, s);
    json_object_set_new(json, "kernel", copy(m->last, "kernel"));
    /* A series for which there is no kernel still says whose it would have been. */
    json_t *origin = json_object_get(m->last, "origin");
    json_object_set_new(json, "origin",
                        json_is_string(origin) ? json_incref(origin) : json_string(s->origin ? s->origin : "assay"));
    json_object_set_new(json, "value", number_or_null(value));
    json_object_set_new(json, "speedup", number_or_null(value > 0 ? baseline / value : NAN));
    json_object_set_new(json, "bound", assay_bound_record(json_object_get(m->last, "bound"), value));
    json_object_set_new(json, "error", copy(m->last, "error"));
    json_object_set_new(json, "outcome", json_string(outcome));
    if (m->failure)
        json_object_set_new(json, "message", json_string(m->failure));
    else if (json_object_get(m->last, "message"))
        json_object_set(json, "message", json_object_get(m->last, "message"));
    json_object_set_new(json, "identity", assay_identity_json(run));
    json_object_set_new(json, "code", code(job, m));
    json_object_set(json, "machine", machine);
    json_object_set_new(json, "shape", assay_shape_json(&job->layer->problem));
    json_object_set_new(json, "performance", performance(m, emulated));
    json_object_set_new(json, "accuracy", accuracy(m));
    return json;
}

void assay_record_set_hash(json_t *record, const char *hash)
{
    json_object_set_new(json_object_get(record, "code"), "hash", hash ? json_string(hash) : json_null());
}
