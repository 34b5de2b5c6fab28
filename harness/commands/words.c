#include "harness/commands/words.h"

#include "harness/base/memory.h"
#include "harness/base/say.h"
#include "harness/base/suggest.h"

#include <argp.h>
#include <string.h>

struct wanted {
    const char *name, *ask;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct wanted *wanted = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        wanted->name = argument;
        state->next = state->argc; /* the rest is the word's */
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "%s", wanted->ask);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int assay_words_run(const char *command, const struct assay_word *words, size_t count, const char *doc, const char *ask,
                    int argc, char **argv)
{
    struct wanted wanted = {NULL, ask};
    const struct argp argp = {NULL, parse, "WORD [ARGUMENT...]", doc, NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &wanted);

    const char **names = assay_keep(count * sizeof(*names));
    for (size_t i = 0; i < count; i++) {
        names[i] = words[i].name;
        if (strcmp(wanted.name, names[i]) != 0)
            continue;
        int skip = 1;
        while (argv[skip] != wanted.name)
            skip++;
        argv[skip] = assay_format("assay %s %s", command, wanted.name); /* argp names the program by it */
        return words[i].run(argc - skip, argv + skip);
    }
    assay_say("unknown 'assay %s %s'; %s", command, wanted.name, assay_suggestion(wanted.name, names, count));
    return ASSAY_EXIT_USAGE;
}
