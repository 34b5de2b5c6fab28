/* What the tool says to people, always on standard error and always one line: what is wrong, where, and what to do.
 * Control characters in what is quoted are shown as '?', so that a hostile file cannot drive a terminal. */
#ifndef ASSAY_HARNESS_BASE_SAY_H
#define ASSAY_HARNESS_BASE_SAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Exit statuses of every subcommand. */
enum assay_exit {
    ASSAY_EXIT_FINE = 0,
    ASSAY_EXIT_FAILED = 1, /* ran, and something failed or regressed */
    ASSAY_EXIT_USAGE = 2,  /* bad usage or input, or a machine that lacks what is needed */
};

/* A place in a file; line and column count from 1, and 0 is "the file as a whole". */
struct assay_place {
    const char *file;
    size_t line, column;
};

/* "assay: what" */
void assay_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "file:line:column: what". Returns false, so that a reader can say `return assay_say_at(…)`. */
bool assay_say_at(struct assay_place place, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The line of progress. On a terminal it is rewritten in place, and said lines go above it; elsewhere each is a line of
 * its own, unless it is `passing` (of interest for a moment only). assay_progress_end() clears it. */
void assay_progress(bool passing, const char *format, ...) __attribute__((format(printf, 2, 3)));
void assay_progress_end(void);

/* Columns of the terminal that `out` is, or 0 where it is none: a file and a pipe have any number. */
size_t assay_terminal_width(FILE *out);

#endif
