#include "harness/commands/commands.h"
#include "harness/commands/data_parts.h"
#include "harness/commands/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

static const struct assay_word words[] = {
    {"import", assay_data_import},
    {"export", assay_data_export},
    {"show", assay_data_show},
    {"generate", assay_data_generate},
};

static const char doc[] = "Datasets: the samples that networks are calibrated on and judged by (docs/datasets.md).\n\n"
                          "Each has its own --help:\n"
                          "  import     of NumPy arrays a dataset\n"
                          "  export     of a dataset NumPy arrays\n"
                          "  show       what is in a dataset\n"
                          "  generate   samples without labels that fit a network, by a formula\n";

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
    return assay_words_run("data", words, sizeof(words) / sizeof(words[0]), doc,
                           "say what to do with data: import, export, show or generate", argc, argv);
}
