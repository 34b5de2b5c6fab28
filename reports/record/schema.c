#include "reports/record/schema.h"

#include <stdio.h>
#include <string.h>

enum kind {
    STRING,
    NUMBER,
    INTEGER,
    BOOLEAN,
    OBJECT,
    ARRAY_OF_NUMBERS,
    NULLABLE = 16, /* with any of the above */
};

/* A path is a member, or a member of an object one level down. An optional one may be absent. */
static const struct member {
    const char *path;
    int kind;
    bool optional;
} members[] = {
    {"schema_version", INTEGER, false},
    {"series_id", STRING, false},
    {"target", STRING, false},
    {"op", STRING, false},
    {"mode", STRING, false},
    {"structure", STRING, false},
    {"sparsity", NUMBER, false},
    {"case", STRING, false},
    {"role", STRING, false},
    {"kernel", STRING | NULLABLE, false},
    {"origin", STRING | NULLABLE, false},
    {"metric", STRING, false},
    {"value", NUMBER | NULLABLE, false},
    {"speedup", NUMBER | NULLABLE, false},
    {"bound", OBJECT | NULLABLE, true},
    {"bound.ns", NUMBER, false},
    {"bound.by", STRING, false},
    {"bound.share", NUMBER, false},
    {"bound.arithmetic_ns", NUMBER | NULLABLE, true},
    {"bound.memory_ns", NUMBER | NULLABLE, true},
    {"bound.arithmetic", STRING, true},
    {"bound.isa", STRING | NULLABLE, true},
    {"bound.macs", INTEGER, true},
    {"bound.macs_per_ns", NUMBER | NULLABLE, true},
    {"bound.read_bytes", INTEGER, true},
    {"bound.written_bytes", INTEGER, true},
    {"bound.level", INTEGER, true},
    {"error", OBJECT | NULLABLE, false},
    {"error.metric", STRING, false},
    {"error.value", NUMBER | NULLABLE, false},
    {"error.bound", NUMBER | NULLABLE, false},
    {"outcome", STRING, false},
    {"emulated", BOOLEAN, false},
    {"message", STRING | NULLABLE, true},
    {"identity", OBJECT, false},
    {"identity.run_id", STRING, false},
    {"identity.suite", STRING, false},
    {"identity.started", STRING, false},
    {"identity.seed", INTEGER, false},
    {"identity.commit", STRING | NULLABLE, false},
    {"identity.dirty", BOOLEAN | NULLABLE, false},
    {"code", OBJECT, false},
    {"code.hash", STRING | NULLABLE, true},
    {"code.why", STRING | NULLABLE, true},
    {"code.cost", NUMBER | NULLABLE, true},
    {"code.packed_bytes", INTEGER | NULLABLE, true},
    {"code.weight_bytes", INTEGER | NULLABLE, true},
    {"code.pack_ns", NUMBER | NULLABLE, true},
    {"code.threads", INTEGER | NULLABLE, true},
    {"code.batch", INTEGER | NULLABLE, true},
    {"code.model_sum", STRING | NULLABLE, true},
    {"code.model_bytes", INTEGER | NULLABLE, true},
    {"code.zipped_bytes", INTEGER | NULLABLE, true},
    {"code.activation_bytes", INTEGER | NULLABLE, true},
    {"code.scratch_bytes", INTEGER | NULLABLE, true},
    {"machine", OBJECT, false},
    {"shape", OBJECT, false},
    {"performance", OBJECT, false},
    {"performance.samples", ARRAY_OF_NUMBERS | NULLABLE, true},
    {"performance.processes", ARRAY_OF_NUMBERS | NULLABLE, true},
    {"performance.iterations", INTEGER | NULLABLE, true},
    {"performance.macs", INTEGER | NULLABLE, true},
    {"performance.peer_macs", INTEGER | NULLABLE, true},
    {"performance.counts", OBJECT | NULLABLE, true},
    {"performance.input_ns", NUMBER | NULLABLE, true},
    {"performance.clock_ns", NUMBER | NULLABLE, true},
    {"network", OBJECT, true},
    {"network.name", STRING, false},
    {"network.layer", INTEGER | NULLABLE, false},
    {"network.operator", STRING | NULLABLE, true},
    {"network.tensor", STRING | NULLABLE, true},
    {"accuracy", OBJECT, false},
    {"accuracy.rel_rms", NUMBER | NULLABLE, true},
    {"accuracy.task", STRING, true},
    {"accuracy.task_metric", STRING | NULLABLE, true},
    {"accuracy.task_value", NUMBER | NULLABLE, true},
    {"accuracy.samples", INTEGER, true},
    {"accuracy.agreement", NUMBER | NULLABLE, true},
    {"accuracy.sqnr_db", NUMBER | NULLABLE, true},
    {"accuracy.mean_error", NUMBER | NULLABLE, true},
    {"accuracy.worst_error", NUMBER | NULLABLE, true},
    {"accuracy.answers", STRING | NULLABLE, true},
    {"accuracy.dataset_sha256", STRING, true},
};

static const char *const outcomes[] = {"pass", "fail", "unsupported", "error"};
static const char *const metrics[] = {"ns", "instructions"};

static const char *kind_name(int kind)
{
    static const char *const names[] = {"a string",  "a number",  "an integer",
                                        "a boolean", "an object", "an array of numbers"};
    return names[kind & ~NULLABLE];
}

static bool is_kind(const json_t *value, int kind)
{
    if (json_is_null(value))
        return kind & NULLABLE;
    switch (kind & ~NULLABLE) {
    case STRING:
        return json_is_string(value);
    case NUMBER:
        return json_is_number(value);
    case INTEGER:
        return json_is_integer(value);
    case BOOLEAN:
        return json_is_boolean(value);
    case OBJECT:
        return json_is_object(value);
    default: {
        if (!json_is_array(value))
            return false;
        size_t i;
        json_t *element;
        json_array_foreach(value, i, element) if (!json_is_number(element)) return false;
        return true;
    }
    }
}

/* The member at `path`, or NULL; *absent_parent is set where the object above it is null or missing. */
static const json_t *find(const json_t *json, const char *path, bool *absent_parent)
{
    const char *dot = strchr(path, '.');
    *absent_parent = false;
    if (!dot)
        return json_object_get(json, path);
    const json_t *parent = json_object_getn(json, path, (size_t)(dot - path));
    *absent_parent = !json_is_object(parent);
    return json_object_get(parent, dot + 1);
}

static bool one_of(const json_t *json, const char *name, const char *const *values, size_t count, char *message)
{
    const char *value = json_string_value(json_object_get(json, name));
    for (size_t i = 0; i < count; i++)
        if (strcmp(value, values[i]) == 0)
            return true;
    snprintf(message, ASSAY_RECORD_MESSAGE, "member '%s' is '%.60s', which is none of the schema's values", name,
             value);
    return false;
}

bool assay_schema_check(const json_t *json, char *message)
{
    if (!json_is_object(json)) {
        snprintf(message, ASSAY_RECORD_MESSAGE, "a record must be a JSON object");
        return false;
    }
    const json_t *version = json_object_get(json, "schema_version");
    if (json_is_integer(version) && json_integer_value(version) > ASSAY_RECORD_SCHEMA) {
        snprintf(message, ASSAY_RECORD_MESSAGE,
                 "schema version %lld is newer than this program's %d: use a newer assay",
                 (long long)json_integer_value(version), ASSAY_RECORD_SCHEMA);
        return false;
    }
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        bool absent_parent;
        const json_t *value = find(json, members[i].path, &absent_parent);
        if (absent_parent || (!value && members[i].optional))
            continue;
        if (!value || !is_kind(value, members[i].kind)) {
            snprintf(message, ASSAY_RECORD_MESSAGE, "member '%s' %s %s%s", members[i].path,
                     value ? "must be" : "is missing: it must be", kind_name(members[i].kind),
                     members[i].kind & NULLABLE ? " or null" : "");
            return false;
        }
    }
    return one_of(json, "outcome", outcomes, sizeof(outcomes) / sizeof(outcomes[0]), message) &&
           one_of(json, "metric", metrics, sizeof(metrics) / sizeof(metrics[0]), message);
}
