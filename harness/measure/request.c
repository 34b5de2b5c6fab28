#include "harness/measure/request.h"

#include "harness/base/memory.h"
#include "harness/base/sum.h"
#include "harness/measure/store.h"

#include <stdio.h>
#include <string.h>

enum { VERSION = 1 };

static json_t *strings(const char *const *items, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(items[i]));
    return list;
}

static bool dump(void *context, FILE *out)
{
    return json_dumpf(context, out, JSON_INDENT(2)) == 0 && putc('\n', out) != EOF;
}

static json_t *models_json(const struct assay_model_request *m)
{
    json_t *files = json_array();
    for (size_t i = 0; i < m->count; i++)
        json_array_append_new(files, json_pack("{ss ss ss?}", "file", m->files[i], "sum", assay_file_sum(m->files[i]),
                                               "mode", m->modes[i]));
    return json_pack("{so so ss? sI sI}", "files", files, "named", strings(m->named, m->named_count), "name", m->name,
                     "threads", (json_int_t)m->threads, "batch", (json_int_t)m->batch);
}

bool assay_request_save(const char *folder, const struct assay_request *r)
{
    json_t *json = json_pack("{si ss ss ss ss sI si si ss? so so}", "version", VERSION, "run_id", r->run_id, "started",
                             r->started, "suite_file", r->suite_file, "suite_sum", assay_file_sum(r->suite_file),
                             "seed", r->seed, "modes", (int)r->choice.modes, "kernels", (int)r->choice.roles, "filter",
                             r->choice.filter, "targets", strings(r->selection.names, r->selection.name_count),
                             "target_files", strings(r->selection.files, r->selection.file_count));
    json_t *included = json_array();
    for (size_t i = 0; i < r->included_count; i++)
        json_array_append_new(included,
                              json_pack("{ss ss}", "file", r->included[i], "sum", assay_file_sum(r->included[i])));
    json_object_set_new(json, "included", included); /* takes it in any case */
    if (json && r->choice.threads > 1)
        json_object_set_new(json, "threads", json_integer((json_int_t)r->choice.threads));
    if (json && r->models.count > 0)
        json_object_set_new(json, "models", models_json(&r->models));
    const bool good = json && assay_store_replace(assay_format("%s/run.json", folder), dump, json);
    json_decref(json);
    return good;
}

static bool read_strings(const json_t *list, size_t most, const char **items, size_t *count)
{
    size_t i;
    const json_t *item;
    *count = 0;
    if (!json_is_array(list) || json_array_size(list) > most)
        return false;
    json_array_foreach(list, i, item)
    {
        if (!json_is_string(item))
            return false;
        items[(*count)++] = assay_keep_string(json_string_value(item));
    }
    return true;
}

static const char *kept_or_null(const json_t *value)
{
    return json_is_string(value) ? assay_keep_string(json_string_value(value)) : NULL;
}

/* The first included suite that is not what it was; NULL: none. A run of an older version included none. */
static const char *changed_included(const json_t *json)
{
    const json_t *entry;
    size_t i;
    json_array_foreach(json_object_get(json, "included"), i, entry)
    {
        const char *file = json_string_value(json_object_get(entry, "file"));
        const char *sum = json_string_value(json_object_get(entry, "sum"));
        if (!file || !sum || strcmp(sum, assay_file_sum(file)) != 0)
            return file ? assay_keep_string(file) : "a suite that it includes";
    }
    return NULL;
}

/* *changed: the first network that is not what it was. */
static bool read_models(const json_t *json, struct assay_model_request *m, const char **changed)
{
    const json_t *files = json_object_get(json, "files"), *file;
    size_t i;
    if (!json_is_array(files) || json_array_size(files) == 0 || json_array_size(files) > ASSAY_MOST_MODELS)
        return false;
    json_array_foreach(files, i, file)
    {
        const char *sum = json_string_value(json_object_get(file, "sum"));
        m->files[i] = kept_or_null(json_object_get(file, "file"));
        m->modes[i] = kept_or_null(json_object_get(file, "mode"));
        if (!m->files[i] || !sum)
            return false;
        if (!*changed && strcmp(sum, assay_file_sum(m->files[i])) != 0)
            *changed = m->files[i];
    }
    m->count = json_array_size(files);
    m->name = kept_or_null(json_object_get(json, "name"));
    m->threads = (size_t)json_integer_value(json_object_get(json, "threads"));
    m->batch = (size_t)json_integer_value(json_object_get(json, "batch"));
    return read_strings(json_object_get(json, "named"), ASSAY_MOST_NAMED, m->named, &m->named_count);
}

/* Whether `json` holds a request, which then is in *r; its strings live as long as the process. */
static bool unpack(json_t *json, struct assay_request *r, const char **sum)
{
    int version = 0, modes = 0, roles = 0;
    const char *run_id, *started, *suite_file, *suite_sum;
    json_t *filter, *targets, *files;
    if (json_unpack(json, "{si ss ss ss ss sI si si so so so}", "version", &version, "run_id", &run_id, "started",
                    &started, "suite_file", &suite_file, "suite_sum", &suite_sum, "seed", &r->seed, "modes", &modes,
                    "kernels", &roles, "filter", &filter, "targets", &targets, "target_files", &files) != 0 ||
        version != VERSION)
        return false;
    r->run_id = assay_keep_string(run_id);
    r->started = assay_keep_string(started);
    r->suite_file = assay_keep_string(suite_file);
    r->choice = (struct assay_choice){
        .filter = json_is_string(filter) ? assay_keep_string(json_string_value(filter)) : NULL,
        .modes = (unsigned)modes,
        .roles = (unsigned)roles,
        .threads = (size_t)json_integer_value(json_object_get(json, "threads")),
    };
    *sum = assay_keep_string(suite_sum);
    return read_strings(targets, ASSAY_MOST_TARGETS, r->selection.names, &r->selection.name_count) &&
           read_strings(files, ASSAY_MOST_TARGETS, r->selection.files, &r->selection.file_count);
}

bool assay_request_load(const char *folder, struct assay_request *r)
{
    const char *path = assay_format("%s/run.json", folder), *sum;
    json_error_t error;
    *r = (struct assay_request){0};
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!json) {
        assay_say("%s:%d:%d: %s; --resume needs the folder of a run", path, error.line > 0 ? error.line : 1,
                  error.column > 0 ? error.column : 1, error.text);
        return false;
    }
    const char *changed = NULL;
    const json_t *models = json_object_get(json, "models");
    const bool good = unpack(json, r, &sum) && (!models || read_models(models, &r->models, &changed));
    if (good && !models && strcmp(sum, assay_file_sum(r->suite_file)) != 0)
        changed = r->suite_file;
    if (good && !changed)
        changed = changed_included(json);
    json_decref(json);
    if (!good) {
        assay_say("%s: does not hold the request of a run of this version; start the run anew", path);
        return false;
    }
    if (!changed)
        return true;
    assay_say("%s changed since the run in %s began, so it cannot be gone on with; start it anew", changed, folder);
    return false;
}
