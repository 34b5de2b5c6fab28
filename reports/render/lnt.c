/* LNT's report file, format_version 2, for the schema in ci/lnt/assay.yaml. A file is of one machine, which is a
 * target. Samples of times in seconds, as LNT has them; counts are a metric of their own, and never a time. */
#include "reports/render/formats.h"
#include "reports/render/text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void set_text(json_t *object, const char *name, const char *value)
{
    char *clean = value ? text_clean(value) : NULL;
    if (clean)
        json_object_set_new(object, name, json_string(clean));
    free(clean);
}

static void set_member(json_t *object, const char *name, const json_t *of, const char *member)
{
    set_text(object, name, json_string_value(json_object_get(of, member)));
}

static json_t *machine(const struct assay_record *record)
{
    const json_t *described = json_object_get(record->json, "machine");
    json_t *object = json_object();
    set_text(object, "name", record->target);
    set_member(object, "hardware", described, "arch");
    set_member(object, "cpu", described, "cpu");
    set_member(object, "os", described, "os");
    set_text(object, "emulated", record->emulated ? "true" : "false");
    return object;
}

/* The order of runs is a number that grows, "20260131120000": commits have none that LNT could know. */
static void set_order(json_t *run, const char *started)
{
    char digits[32];
    size_t count = 0;
    for (; started && *started && count < sizeof(digits) - 1; started++)
        if (isdigit((unsigned char)*started))
            digits[count++] = *started;
    digits[count] = '\0';
    set_text(run, "measured", digits);
}

static json_t *run(const struct assay_record *record)
{
    const json_t *identity = json_object_get(record->json, "identity");
    const json_t *described = json_object_get(record->json, "machine");
    json_t *object = json_object();
    /* When it ended is not in the records; LNT asks for both. */
    set_member(object, "start_time", identity, "started");
    set_member(object, "end_time", identity, "started");
    set_order(object, json_string_value(json_object_get(identity, "started")));
    set_member(object, "commit", identity, "commit");
    set_member(object, "suite", identity, "suite");
    set_member(object, "compiler", described, "compiler");
    return object;
}

static json_t *seconds(const struct assay_record *record)
{
    const json_t *samples = json_object_get(json_object_get(record->json, "performance"), "samples");
    json_t *array = json_array(), *sample;
    size_t i;
    json_array_foreach(samples, i, sample)
    {
        json_array_append_new(array, json_real(json_number_value(sample) * 1e-9));
    }
    if (json_array_size(array) == 0)
        json_array_append_new(array, json_real(record->value * 1e-9));
    return array;
}

static json_t *test(const struct assay_record *record)
{
    const json_t *accuracy = json_object_get(record->json, "accuracy");
    const char *metric = json_string_value(json_object_get(accuracy, "task_metric"));
    json_t *object = json_object();
    set_text(object, "name", record->series_id);
    const bool passed = strcmp(record->outcome, "pass") == 0;
    json_object_set_new(object, "execution_status", json_integer(!passed));
    if (passed && isfinite(record->value))
        json_object_set_new(object, record->emulated ? "instructions" : "execution_time",
                            record->emulated ? json_real(record->value) : seconds(record));
    if (isfinite(record->mode_error))
        json_object_set_new(object, "mode_error", json_real(record->mode_error));
    const json_t *task = json_object_get(accuracy, "task_value");
    /* The schema says of each whether more of it is better, so none other may be named here. */
    if (metric && json_is_number(task) &&
        (strcmp(metric, "top1") == 0 || strcmp(metric, "auc") == 0 || strcmp(metric, "mse") == 0))
        json_object_set_new(object, metric, json_real(json_number_value(task)));
    set_member(object, "hash", json_object_get(record->json, "code"), "hash");
    return object;
}

bool render_lnt(const struct grid *grid, FILE *out)
{
    json_t *tests = json_array();
    for (size_t i = 0; i < grid->series_count; i++)
        if (strcmp(grid->newest[i]->outcome, "unsupported") != 0)
            json_array_append_new(tests, test(grid->newest[i]));
    const struct assay_record *any = grid->newest[0];
    json_t *document = json_pack("{s:s, s:o, s:o, s:o}", "format_version", "2", "machine", machine(any), "run",
                                 run(any), "tests", tests);
    const bool ok = document && json_dumpf(document, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) == 0;
    fputc('\n', out);
    json_decref(document);
    return ok;
}
