#include "harness/base/memory.h"
#include "harness/base/paths.h"
#include "harness/base/say.h"
#include "harness/commands/commands.h"
#include "harness/commands/history_parts.h"

#include <stdlib.h>
#include <string.h>

struct options {
    const char *db;
    const char **records;
    size_t count, capacity;
};

static const char doc[] =
    "Add records to the history, which is made if it is not there. RECORDS is a file, or a folder that holds a "
    "records.jsonl.\v"
    "What is printed as added is on the disk, whatever happens next; a file is added whole or not at all. What was "
    "added before is passed over, so that adding may be repeated. Several processes may add at once.";

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->db;
        return 0;
    case ARGP_KEY_ARG:
        assay_grow(&o->records, &o->capacity, o->count, sizeof(*o->records));
        o->records[o->count++] = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "say which records: files, or the folders of runs");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* The folder of the history that nobody named. */
static bool make_default_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    return !slash || assay_make_folder(assay_keep_bytes(path, (size_t)(slash - path)));
}

static struct assay_history *open_history(const char *db)
{
    const bool named = db || getenv("ASSAY_HISTORY");
    return named || make_default_folder(assay_history_path(db)) ? assay_history_of(db, ASSAY_HISTORY_CREATE) : NULL;
}

/* *history is opened when there is something to add, so that none is made of a file that can't be read. */
static bool add_file(const char *db, const char *path, struct assay_history **history)
{
    char message[ASSAY_HISTORY_MESSAGE];
    struct assay_record_list records = {0};
    struct assay_history_added added;
    bool good = assay_read_records(path, &records);
    if (good && !*history)
        good = (*history = open_history(db)) != NULL;
    if (good && !assay_history_add(*history, &records, &added, message)) {
        assay_say("%s: not added: %s", path, message);
        good = false;
    }
    if (good) {
        printf("%s: added %zu run%s, %zu record%s", path, added.runs, plural(added.runs), added.records,
               plural(added.records));
        printf(added.known ? "; %zu were there\n" : "\n", added.known);
        fflush(stdout);
    }
    assay_record_list_free(&records);
    return good;
}

int assay_history_word_add(int argc, char **argv)
{
    static const struct argp_child children[] = {{&assay_history_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {NULL, parse, "RECORDS...", doc, children, NULL, NULL};
    struct options o = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct assay_history *history = NULL;
    bool good = true;
    for (size_t i = 0; good && i < o.count; i++) {
        if (o.count > 1)
            assay_progress(true, "%zu of %zu: %s", i + 1, o.count, o.records[i]);
        good = add_file(o.db, o.records[i], &history);
        if (!good && i + 1 < o.count)
            assay_say("%zu more file%s not looked at; what was added before stays", o.count - i - 1,
                      o.count - i == 2 ? " is" : "s are");
    }
    assay_progress_end();
    if (history)
        assay_history_close(history);
    free(o.records);
    return good ? ASSAY_EXIT_FINE : ASSAY_EXIT_USAGE;
}
