#include "harness/base/memory.h"
#include "harness/base/say.h"
#include "harness/commands/commands.h"
#include "harness/commands/history_parts.h"
#include "harness/commands/words.h"

#include <stdlib.h>

static const struct assay_word words[] = {
    {"add", assay_history_word_add},     {"list", assay_history_word_list},   {"show", assay_history_word_show},
    {"trend", assay_history_word_trend}, {"prune", assay_history_word_prune}, {"check", assay_history_word_check},
};

static const char doc[] = "The history: all runs that were added, in one file, for trends and gates "
                          "(docs/history.md).\n\n"
                          "Each has its own --help:\n"
                          "  add        records to the history\n"
                          "  list       the runs in it\n"
                          "  show       the records of a run, as assay report does\n"
                          "  trend      series over time, and since when they are at another level\n"
                          "  prune      remove old runs\n"
                          "  check      read all of it, and bring it to this program's version\n";

static const struct argp_option options[] = {
    {"db", 'd', "FILE", 0, "The history (default: $ASSAY_HISTORY, else out/history.db)", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    const char **path = state->input;
    switch (key) {
    case 'd':
        if (*argument == '\0')
            argp_error(state, "--db: an empty name is no file");
        *path = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp assay_history_argp = {options, parse, NULL, NULL, NULL, NULL, NULL};

const char *assay_history_path(const char *path)
{
    const char *named = getenv("ASSAY_HISTORY");
    return path ? path : named && *named ? named : "out/history.db";
}

struct assay_history *assay_history_of(const char *path, enum assay_history_access access)
{
    char message[ASSAY_HISTORY_MESSAGE];
    struct assay_history *history = assay_history_open(assay_history_path(path), access, message);
    if (!history)
        assay_say("%s", message);
    return history;
}

const char *assay_history_commit(const char *commit, bool dirty)
{
    return commit ? assay_format("%.12s%s", commit, dirty ? "+" : "") : "-";
}

int assay_command_history(int argc, char **argv)
{
    return assay_words_run("history", words, sizeof(words) / sizeof(words[0]), doc,
                           "say what to do with the history: add, list, show, trend, prune or check", argc, argv);
}
