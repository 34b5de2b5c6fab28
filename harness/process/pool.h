/* Several programs at once, their output handed on line by line, in one thread. */
#ifndef ASSAY_HARNESS_PROCESS_POOL_H
#define ASSAY_HARNESS_PROCESS_POOL_H

#include <stdbool.h>
#include <stddef.h>

/* A program to run. Strings and context live until end() was called. */
struct assay_task {
    const char *const *arguments;
    const char *folder; /* NULL: this one */
    const char *input;  /* all of its standard input; NULL: empty */
    size_t input_length;
    bool alone;     /* nothing else of the pool runs meanwhile: it is timed */
    double silence; /* seconds without a line after which it is killed; 0: never */
    /* A line of output without its newline; may be NULL. An unfinished last line is handed on as well. */
    void (*line)(void *context, const char *line, size_t length);
    /* It ended with this status of waitpid(); `err` is what it said on standard error, a file in memory that is closed
     * afterwards. May add tasks. */
    void (*end)(void *context, int status, int err);
    void *context;
};

struct assay_pool;
struct assay_pool *assay_pool_new(size_t width);
void assay_pool_add(struct assay_pool *pool, struct assay_task task);
/* Before all that waits: for what continues a task that has just ended. */
void assay_pool_add_next(struct assay_pool *pool, struct assay_task task);

/* Runs until no task is left. False if it was interrupted, stopped, or a program could not be started (which it said):
 * then all that ran are ended, and their end() is not called. */
bool assay_pool_run(struct assay_pool *pool);
/* From a callback: no more work, assay_pool_run() returns false. */
void assay_pool_stop(struct assay_pool *pool);
void assay_pool_free(struct assay_pool *pool);

/* One program to its end. *output is what it printed (the caller frees it) unless NULL, *said the last line of its
 * standard error unless NULL. False, with a message, if it could not be started; without one if interrupted. */
bool assay_run_program(const char *const *arguments, const char *folder, char **output, const char **said, int *status);
/* The same of one that reads `input`. */
bool assay_run_filter(const char *const *arguments, const char *input, char **output, const char **said, int *status);

#endif
