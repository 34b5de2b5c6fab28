/* Records for a reviewed file in a tree: a line for each series that selection decides (role `best`, no layers of
 * networks), with what assay gate --baseline compares and nothing that differs from run to run. They follow the schema
 * of records. Times are left out, for they are of a machine; counts are of a compiler, which is kept. */
#include "reports/render/formats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* `object` without all members but those named. */
static json_t *only(const json_t *object, const char *const *names, size_t count)
{
    json_t *copy = json_object();
    for (size_t i = 0; i < count; i++) {
        json_t *value = json_object_get(object, names[i]);
        if (value)
            json_object_set(copy, names[i], value);
    }
    return copy;
}

static json_t *reviewed(const struct assay_record *record)
{
    static const char *const kept[] = {"schema_version", "series_id", "target",  "op",       "mode",    "structure",
                                       "sparsity",       "case",      "role",    "kernel",   "origin",  "metric",
                                       "error",          "outcome",   "message", "emulated", "network", "accuracy"};
    static const char *const of_machine[] = {"compiler"};
    json_t *line = only(record->json, kept, sizeof(kept) / sizeof(kept[0]));
    const json_t *identity = json_object_get(record->json, "identity");
    json_object_set_new(line, "value", record->emulated ? number(record->value) : json_null());
    json_object_set_new(line, "speedup", json_null());
    json_object_set_new(line, "identity",
                        json_pack("{s:s, s:O, s:s, s:O, s:n, s:n}", "run_id", "baseline", "suite",
                                  json_object_get(identity, "suite"), "started", "1970-01-01T00:00:00Z", "seed",
                                  json_object_get(identity, "seed"), "commit", "dirty"));
    json_object_set_new(line, "machine", only(json_object_get(record->json, "machine"), of_machine, 1));
    json_object_set_new(line, "code", json_object());
    json_object_set_new(line, "shape", json_object());
    json_object_set_new(line, "performance", json_object());
    return line;
}

bool render_baseline(const struct grid *grid, FILE *out)
{
    bool ok = true;
    for (size_t i = 0; ok && i < grid->series_count; i++) {
        const struct assay_record *record = grid->newest[i];
        if (strcmp(record->role, "best") != 0 || (record->network && record->layer >= 0))
            continue;
        json_t *line = reviewed(record);
        char *text = assay_record_line(line);
        ok = text && fputs(text, out) >= 0;
        free(text);
        json_decref(line);
    }
    return ok;
}
