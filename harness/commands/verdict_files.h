/* The option --write FORMAT=FILE: the same verdicts, measured once, in every format that somebody reads. */
#ifndef ASSAY_HARNESS_COMMANDS_VERDICT_FILES_H
#define ASSAY_HARNESS_COMMANDS_VERDICT_FILES_H

#include "reports/render/render.h"

#include <argp.h>

enum { ASSAY_MOST_VERDICT_FILES = 8 };

struct assay_verdict_files {
    struct {
        enum assay_format format;
        const char *path;
    } items[ASSAY_MOST_VERDICT_FILES];
    size_t count;
};

/* Adds FORMAT=FILE; ends the program with a message if it is none. */
void assay_verdict_files_add(struct argp_state *state, const char *text, struct assay_verdict_files *files);

/* Each whole or not at all. False, with a message. */
bool assay_verdict_files_write(const struct assay_verdict_files *files, const struct assay_comparison_list *verdicts,
                               bool all);

#endif
