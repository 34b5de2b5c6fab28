#include "harness/base/memory.h"
#include "harness/base/say.h"
#include "harness/base/suggest.h"
#include "harness/commands/commands.h"
#include "harness/commands/data_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct word {
    const char *name;
    int (*run)(int argc, char **argv);
} words[] = {
    {"import", assay_data_import},
    {"export", assay_data_export},
    {"show", assay_data_show},
    {"generate", assay_data_generate},
};

#define WORD_COUNT (sizeof(words) / sizeof(words[0]))

static const char doc[] = "Datasets: the samples that networks are calibrated on and judged by (docs/datasets.md).\n\n"
                          "Each has its own --help:\n"
                          "  import     of NumPy arrays a dataset\n"
                          "  export     of a dataset NumPy arrays\n"
                          "  show       what is in a dataset\n"
                          "  generate   samples without labels that fit a network, by a formula\n";

static error_t parse(int key, char *argument, struct argp_state *state)
{
    const char **name = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        *name = argument;
        state->next = state->argc; /* the rest is the word's */
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "say what to do with data: import, export, show or generate");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

uint64_t assay_data_number(const char *text, uint64_t least, uint64_t most, const char *option,
                           struct argp_state *state)
{
    char *end;
    errno = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    if (errno || end == text || *end || *text < '0' || *text > '9' || value < least || value > most)
        argp_error(state, "%s: '%s' is no number from %" PRIu64 " to %" PRIu64, option, text, least, most);
    return value;
}

int assay_command_data(int argc, char **argv)
{
    const char *name = NULL;
    const struct argp argp = {NULL, parse, "WORD [ARGUMENT...]", doc, NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &name);

    const char *names[WORD_COUNT];
    for (size_t i = 0; i < WORD_COUNT; i++) {
        names[i] = words[i].name;
        if (strcmp(name, names[i]) != 0)
            continue;
        int skip = 1;
        while (argv[skip] != name)
            skip++;
        argv[skip] = assay_format("assay data %s", name); /* argp names the program by it */
        return words[i].run(argc - skip, argv + skip);
    }
    assay_say("unknown 'assay data %s'; %s", name, assay_suggestion(name, names, WORD_COUNT));
    return ASSAY_EXIT_USAGE;
}
