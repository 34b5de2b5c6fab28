/* assay-probe bench: measures the jobs of a plan (docs/probe-protocol.md, docs/measuring.md). */
#include "suites/bench/jobs.h"
#include "suites/probe/env.h"
#include "suites/probe/fault.h"
#include "suites/probe/options.h"
#include "suites/probe/output.h"
#include "suites/probe/probe.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool measure(const struct plan_job *job, struct tally *tally)
{
    const bool written = job->kind == PLAN_NETWORKS ? networks_measure(job, tally) : layers_measure(job, tally);
    return written && output_line(json_pack("{ss sI}", "type", "done", "id", job->id));
}

static int refuse(size_t number, const char *why)
{
    fprintf(stderr, "assay-probe bench: plan line %zu: %s\n", number, why);
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

static int run_plan(FILE *file, char *line, struct plan_job *job)
{
    struct tally tally = {0};
    ssize_t length;
    for (size_t number = 1; (length = read_line(file, line)) != -1; number++) {
        char why[256];
        if (length < 0)
            return refuse(number, "it is longer than 1 MiB");
        if (strspn(line, " \t\r") >= (size_t)length)
            continue;
        const enum plan_answer answer = plan_parse(line, (size_t)length, job, why, sizeof(why));
        if (answer == PLAN_BAD)
            return refuse(number, why);
        if (answer == PLAN_JOB && !measure(job, &tally))
            return PROBE_FAILED;
    }
    if (ferror(file)) {
        fprintf(stderr, "assay-probe bench: cannot read the plan: %s\n", strerror(errno));
        return PROBE_BAD_INPUT;
    }
    if (tally.measured == 0)
        fputs("assay-probe bench: nothing was measured\n", stderr);
    return tally.measured == 0 || tally.wrong > 0 ? PROBE_FAILED : PROBE_FINE;
}

int probe_bench(int argc, char **argv)
{
    const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {.children = children,
                              .doc = "Measure the jobs of a plan, read from standard input, one JSON object a line. "
                                     "Without --cpu the program pins itself to the last of the fastest cores."};
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (!options_start() || (options_cpu() < 0 && !env_pin(-1)))
        return PROBE_BAD_INPUT;
    if (!fault_install()) {
        fputs("assay-probe bench: cannot install its signal handlers\n", stderr);
        return PROBE_FAILED;
    }
    char *line = calloc(1, PLAN_LINE_MAX + 1);
    struct plan_job *job = calloc(1, sizeof(*job));
    int status = PROBE_FAILED;
    if (line && job)
        status = run_plan(stdin, line, job);
    else
        fputs("assay-probe bench: no memory for a plan\n", stderr);
    free(job);
    free(line);
    return status;
}
