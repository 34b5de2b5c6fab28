/* Starting programs: an argument vector, never a shell. */
#ifndef ASSAY_HARNESS_PROCESS_PROCESS_H
#define ASSAY_HARNESS_PROCESS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Arguments being put together; NULL-terminated at all times. */
struct assay_arguments {
    const char **items;
    size_t count, capacity;
};
void assay_arguments_add(struct assay_arguments *arguments, const char *item);

struct assay_process {
    pid_t pid;
    int out; /* what it prints: the reading end of a pipe, not blocking */
    int err; /* a file in memory with what it says to people */
};

/* Starts arguments[0], found in PATH, in a process group of its own, in `folder` (NULL: this one). Its standard input
 * is `input` in full, its output goes to process->out. False, with a message. */
bool assay_process_start(const char *const *arguments, const char *folder, const char *input, size_t input_length,
                         struct assay_process *process);

/* "killed by SIGSEGV", "exit status 1"; lives as long as the process. */
const char *assay_status_text(int status);

/* The last line that is not empty of a file in memory, for a message; "" if there is none. The hint that argp gives
 * behind the reason (Try `… --help') is none. */
const char *assay_last_line(int fd);

#endif
