#include "reports/record/record.h"

#include "reports/record/schema.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_LIMIT = 16 * 1024 * 1024 }; /* a line longer than this is no record of ours */

static double number_or_nan(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : NAN;
}

bool assay_record_view(json_t *json, struct assay_record *record, char *message)
{
    if (!assay_schema_check(json, message))
        return false;
    const json_t *error = json_object_get(json, "error"), *accuracy = json_object_get(json, "accuracy");
    const json_t *bound = json_object_get(json, "bound");
    const json_t *network = json_object_get(json, "network"), *layer = json_object_get(network, "layer");
#define TEXT(name) json_string_value(json_object_get(json, name))
    *record = (struct assay_record){
        .json = json_incref(json),
        .series_id = TEXT("series_id"),
        .target = TEXT("target"),
        .op = TEXT("op"),
        .mode = TEXT("mode"),
        .structure = TEXT("structure"),
        .case_name = TEXT("case"),
        .role = TEXT("role"),
        .metric = TEXT("metric"),
        .outcome = TEXT("outcome"),
        .kernel = TEXT("kernel"),
        .origin = TEXT("origin"),
        .message = TEXT("message"),
        .sparsity = number_or_nan(json_object_get(json, "sparsity")),
        .value = number_or_nan(json_object_get(json, "value")),
        .speedup = number_or_nan(json_object_get(json, "speedup")),
        .error_metric = json_string_value(json_object_get(error, "metric")),
        .error_value = number_or_nan(json_object_get(error, "value")),
        .error_bound = number_or_nan(json_object_get(error, "bound")),
        .bound_share = number_or_nan(json_object_get(bound, "share")),
        .bound_by = json_string_value(json_object_get(bound, "by")),
        .mode_error = number_or_nan(json_object_get(accuracy, "rel_rms")),
        .network = json_string_value(json_object_get(network, "name")),
        .layer = json_is_integer(layer) ? json_integer_value(layer) : -1,
        .emulated = json_is_true(json_object_get(json, "emulated")),
    };
#undef TEXT
    return true;
}

bool assay_record_append(struct assay_record_list *list, struct assay_record record)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity ? 2 * list->capacity : 64;
        struct assay_record *items = realloc(list->items, capacity * sizeof(*items));
        if (!items)
            return false;
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = record;
    return true;
}

static void truncate_list(struct assay_record_list *list, size_t count)
{
    while (list->count > count)
        json_decref(list->items[--list->count].json);
}

void assay_record_list_free(struct assay_record_list *list)
{
    truncate_list(list, 0);
    free(list->items);
    *list = (struct assay_record_list){0};
}

/* Appends the record on one line of `length` bytes. */
static bool read_line(const char *line, size_t length, struct assay_record_list *list, char *why)
{
    json_error_t error;
    json_t *json = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    if (!json) {
        snprintf(why, ASSAY_RECORD_MESSAGE, "not JSON: %.150s (column %d)", error.text, error.column);
        return false;
    }
    struct assay_record record;
    bool ok = assay_record_view(json, &record, why);
    if (ok && !assay_record_append(list, record)) {
        json_decref(record.json);
        snprintf(why, ASSAY_RECORD_MESSAGE, "out of memory");
        ok = false;
    }
    json_decref(json);
    return ok;
}

static bool is_blank(const char *line, ssize_t length)
{
    return strspn(line, " \t\r\n") == (size_t)length;
}

static bool read_stream(FILE *file, struct assay_record_list *list, size_t *cut, size_t *number, char *why)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    bool ok = true;
    while (ok && (length = getline(&line, &size, file)) > 0) {
        ++*number;
        if (length > LINE_LIMIT) {
            snprintf(why, ASSAY_RECORD_MESSAGE, "a line of more than %d bytes is no record", LINE_LIMIT);
            ok = false;
        } else if (cut && line[length - 1] != '\n') {
            ++*cut;
        } else if (!is_blank(line, length)) {
            ok = read_line(line, (size_t)length, list, why);
        }
    }
    free(line);
    if (ok && ferror(file)) {
        snprintf(why, ASSAY_RECORD_MESSAGE, "%s", strerror(errno));
        ok = false;
    }
    return ok;
}

bool assay_record_read(const char *path, struct assay_record_list *list, size_t *cut, char *message)
{
    const size_t before = list->count;
    if (cut)
        *cut = 0;
    FILE *file = fopen(path, "r");
    if (!file) {
        snprintf(message, ASSAY_RECORD_MESSAGE, "%.200s: cannot be read: %s", path, strerror(errno));
        return false;
    }
    char why[ASSAY_RECORD_MESSAGE] = "";
    size_t number = 0;
    bool ok = read_stream(file, list, cut, &number, why);
    fclose(file);
    if (!ok)
        snprintf(message, ASSAY_RECORD_MESSAGE, "%.200s:%zu: %.280s", path, number, why);
    if (ok && list->count == before) {
        snprintf(message, ASSAY_RECORD_MESSAGE, "%.200s: holds no record", path);
        ok = false;
    }
    if (!ok)
        truncate_list(list, before);
    return ok;
}

char *assay_record_line(const json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(12));
    if (!text)
        return NULL;
    const size_t length = strlen(text);
    char *line = realloc(text, length + 2);
    if (!line) {
        free(text);
        return NULL;
    }
    line[length] = '\n';
    line[length + 1] = '\0';
    return line;
}
