/* What is kept of a history, and whether it is sound. */
#include "harness/base/say.h"
#include "harness/commands/data_parts.h"
#include "harness/commands/history_parts.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { KEY_DRY = 0x100 };

struct options {
    const char *db;
    size_t keep, days;
    bool dry;
};

static const char prune_doc[] = "Remove old runs from the history: all but those that both options keep.\v"
                                "The space is used again, or given back.";
static const char check_doc[] =
    "Read all of the history: whether its file is sound, and each record what it is found by. A history of an older "
    "version is brought to this program's.\v"
    "Exit status 0: sound. 2: it is not, and the line says how; nothing was changed.";

static const struct argp_option prune_options[] = {
    {"keep", 'k', "N", 0, "Keep no more than the newest N runs", 0},
    {"older-than", 'o', "AGE", 0, "Remove what started longer ago: 90d, 12w or 2y", 0},
    {"dry-run", KEY_DRY, NULL, 0, "Only tell what would go", 0},
    {0},
};

static size_t days_of(const char *text, struct argp_state *state)
{
    char *end;
    const unsigned long value = *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;
    const size_t unit = value == 0 ? 0 : *end == 'd' ? 1 : *end == 'w' ? 7 : *end == 'y' ? 365 : 0;
    if (unit == 0 || end[1] != '\0' || value > 100000)
        argp_error(state, "--older-than: '%s' is no age: write days, weeks or years, as 90d, 12w or 2y", text);
    return unit * value;
}

static error_t parse_prune(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->db;
        return 0;
    case 'k':
        o->keep = (size_t)assay_data_number(argument, 1, UINT32_MAX, "--keep", state);
        return 0;
    case 'o':
        o->days = days_of(argument, state);
        return 0;
    case KEY_DRY:
        o->dry = true;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is too much: runs go by number or age", argument);
        return 0;
    case ARGP_KEY_END:
        if (o->keep == 0 && o->days == 0)
            argp_error(state, "say what to keep: --keep N, --older-than AGE, or both");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_check(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->db;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is too much: name the history by --db", argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int assay_history_word_prune(int argc, char **argv)
{
    static const struct argp_child children[] = {{&assay_history_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {prune_options, parse_prune, "", prune_doc, children, NULL, NULL};
    struct options o = {0};
    char message[ASSAY_HISTORY_MESSAGE];
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct assay_history *history = assay_history_of(o.db, ASSAY_HISTORY_WRITE);
    if (!history)
        return ASSAY_EXIT_USAGE;
    struct assay_history_pruned pruned;
    const time_t before = o.days ? time(NULL) - (time_t)o.days * 86400 : 0;
    const bool good = assay_history_prune(history, o.keep, before, o.dry, &pruned, message);
    if (good)
        printf("%s %zu run%s, %zu records\n", o.dry ? "would remove" : "removed", pruned.runs,
               pruned.runs == 1 ? "" : "s", pruned.records);
    else
        assay_say("%s", message);
    assay_history_close(history);
    return good ? ASSAY_EXIT_FINE : ASSAY_EXIT_USAGE;
}

int assay_history_word_check(int argc, char **argv)
{
    static const struct argp_child children[] = {{&assay_history_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {NULL, parse_check, "", check_doc, children, NULL, NULL};
    struct options o = {0};
    char message[ASSAY_HISTORY_MESSAGE];
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    const char *path = assay_history_path(o.db);
    struct assay_history *history =
        assay_history_of(path, access(path, W_OK) == 0 ? ASSAY_HISTORY_WRITE : ASSAY_HISTORY_READ);
    if (!history)
        return ASSAY_EXIT_USAGE;
    struct assay_history_checked checked;
    const bool good = assay_history_check(history, &checked, message);
    if (good)
        printf("%s: sound: version %d, %zu runs, %zu records, %.1f MB\n", path, checked.version, checked.runs,
               checked.records, (double)checked.bytes / 1e6);
    else
        assay_say("%s", message);
    assay_history_close(history);
    return good ? ASSAY_EXIT_FINE : ASSAY_EXIT_USAGE;
}
