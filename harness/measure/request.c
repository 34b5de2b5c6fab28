#include "harness/measure/request.h"

#include "harness/base/memory.h"
#include "harness/measure/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { VERSION = 1 };

/* FNV-1a over the file's bytes: tells whether it is still the same. "" if it cannot be read. */
static const char *sum_of(const char *path)
{
    FILE *file = fopen(path, "re");
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    if (!file)
        return "";
    for (int byte = getc(file); byte != EOF; byte = getc(file))
        sum = (sum ^ (uint64_t)byte) * UINT64_C(0x100000001b3);
    const bool good = !ferror(file);
    fclose(file);
    return good ? assay_format("%016" PRIx64, sum) : "";
}

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

bool assay_request_save(const char *folder, const struct assay_request *r)
{
    json_t *json = json_pack("{si ss ss ss ss sI si si ss? so so}", "version", VERSION, "run_id", r->run_id, "started",
                             r->started, "suite_file", r->suite_file, "suite_sum", sum_of(r->suite_file), "seed",
                             r->seed, "modes", (int)r->choice.modes, "kernels", (int)r->choice.roles, "filter",
                             r->choice.filter, "targets", strings(r->selection.names, r->selection.name_count),
                             "target_files", strings(r->selection.files, r->selection.file_count));
    const bool good = json && assay_store_replace(assay_format("%s/run.json", folder), dump, json);
    json_decref(json);
    return good;
}

static bool read_strings(const json_t *list, const char **items, size_t *count)
{
    size_t i;
    const json_t *item;
    *count = 0;
    if (!json_is_array(list) || json_array_size(list) > ASSAY_MOST_TARGETS)
        return false;
    json_array_foreach(list, i, item)
    {
        if (!json_is_string(item))
            return false;
        items[(*count)++] = assay_keep_string(json_string_value(item));
    }
    return true;
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
    };
    *sum = assay_keep_string(suite_sum);
    return read_strings(targets, r->selection.names, &r->selection.name_count) &&
           read_strings(files, r->selection.files, &r->selection.file_count);
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
    const bool good = unpack(json, r, &sum);
    json_decref(json);
    if (!good) {
        assay_say("%s: does not hold the request of a run of this version; start the run anew", path);
        return false;
    }
    if (strcmp(sum, sum_of(r->suite_file)) == 0)
        return true;
    assay_say("%s changed since the run in %s began, so it cannot be gone on with; start it anew", r->suite_file,
              folder);
    return false;
}
