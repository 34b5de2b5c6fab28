/* Subcommands that have words of their own, as `assay data show`. */
#ifndef ASSAY_HARNESS_COMMANDS_WORDS_H
#define ASSAY_HARNESS_COMMANDS_WORDS_H

#include <stddef.h>

struct assay_word {
    const char *name;
    int (*run)(int argc, char **argv);
};

/* Finds the word, and hands over to it with "assay COMMAND WORD" as argv[0]. `doc` is the command's help; `ask` is said
 * where there is no word. */
int assay_words_run(const char *command, const struct assay_word *words, size_t count, const char *doc, const char *ask,
                    int argc, char **argv);

#endif
