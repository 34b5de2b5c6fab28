/* Reading a whole plan, job by job. */
#include "suites/bench/jobs.h"
#include "suites/probe/probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int refuse(const char *command, size_t number, const char *why)
{
    fprintf(stderr, "assay-probe %s: plan line %zu: %s\n", command, number, why);
    return PROBE_BAD_INPUT;
}

/* Reads a line into `line` of PLAN_LINE_MAX bytes; its length, its newline left out. -1: the end. -2: too long. */
static ssize_t read_line(FILE *file, char *line)
{
    ssize_t length = 0;
    int c;
    while ((c = getc(file)) != EOF && c != '\n') {
        if (length == PLAN_LINE_MAX)
            return -2;
        line[length++] = (char)c;
    }
    return c == EOF && length == 0 ? -1 : length;
}

static int read_jobs(FILE *file, const char *command, plan_take *take, void *context, char *line, struct plan_job *job)
{
    ssize_t length;
    for (size_t number = 1; (length = read_line(file, line)) != -1; number++) {
        char why[256];
        if (length < 0)
            return refuse(command, number, "it is longer than 1 MiB");
        if (strspn(line, " \t\r") >= (size_t)length)
            continue;
        const enum plan_answer answer = plan_parse(line, (size_t)length, job, why, sizeof(why));
        if (answer == PLAN_BAD)
            return refuse(command, number, why);
        if (answer == PLAN_JOB && !take(job, context))
            return PROBE_FAILED;
    }
    if (ferror(file)) {
        fprintf(stderr, "assay-probe %s: cannot read the plan: %s\n", command, strerror(errno));
        return PROBE_BAD_INPUT;
    }
    return PROBE_FINE;
}

int plan_read(FILE *file, const char *command, plan_take *take, void *context)
{
    char *line = calloc(1, PLAN_LINE_MAX + 1);
    struct plan_job *job = calloc(1, sizeof(*job));
    int status = PROBE_FAILED;
    if (line && job)
        status = read_jobs(file, command, take, context, line, job);
    else
        fprintf(stderr, "assay-probe %s: no memory for a plan\n", command);
    free(job);
    free(line);
    return status;
}
