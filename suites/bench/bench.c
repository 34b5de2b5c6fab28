/* assay-probe bench: measures the jobs of a plan (docs/probe-protocol.md, docs/measuring.md). */
#include "suites/bench/plan.h"
#include "suites/bench/series.h"
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
#include <unistd.h>

/* What came of the whole plan. */
struct tally {
    size_t measured, wrong;
};

static const char *const outcome_names[] = {"pass", "fail", "unsupported", "error"};

static json_t *describe_error(const struct series *series)
{
    const struct oracle_verdict *v = &series->verdict;
    json_t *error = json_pack("{ss so so}", "metric", v->metric, "value", output_number(v->value), "bound",
                              output_number(v->bound));
    if (strcmp(series->kernel->origin, "assay") != 0)
        json_object_set_new(error, "judged", json_false());
    return error;
}

static json_t *describe_samples(const struct series *series)
{
    json_t *samples = json_array();
    for (size_t i = 0; i < series->sample_count; i++)
        json_array_append_new(samples, output_number(series->samples[i]));
    return samples;
}

static uint64_t nonzero_macs(const struct layer *layer)
{
    /* Each weight meets each row of the output, or each of its pixels, once. */
    return layer->problem.op == ASSAY_OP_QUANTIZE
               ? 0
               : layer->nonzero_weights * assay_problem_out_rows(&layer->problem).rows;
}

static json_t *describe(const struct series *series, const struct plan_job *job)
{
    const bool timed = job->metric == METRIC_NS;
    json_t *line = json_pack(
        "{ss sI ss so ss so ss ss sI}", "type", "measurement", "id", job->id, "key", series->plan->key, "kernel",
        series->kernel ? json_string(series->kernel->name) : json_null(), "origin", series->plan->origin, "why",
        series->kernel ? json_string(series->why) : json_null(), "outcome", outcome_names[series->outcome], "metric",
        timed ? "ns" : "instructions", "seed", (json_int_t)job->seed);
    if (series->outcome != SERIES_PASS)
        json_object_set_new(line, "message", json_string(series->message));
    if (series->judged) {
        json_object_set_new(line, "error", describe_error(series));
        json_object_set_new(line, "accuracy", json_pack("{so}", "rel_rms", output_number(series->mode_error.value)));
    }
    if (series->layer && series->kernel) {
        const struct assay_problem *problem = &series->layer->problem;
        json_object_set_new(line, "macs", json_integer((json_int_t)assay_problem_macs(problem)));
        json_object_set_new(line, "nonzero_macs", json_integer((json_int_t)nonzero_macs(series->layer)));
        json_object_set_new(line, "weight_bytes", json_integer((json_int_t)assay_problem_weight_bytes(problem)));
        /* What a peer keeps is its own affair: it tells no size. */
        if (!series->kernel->release)
            json_object_set_new(line, "packed_bytes", json_integer((json_int_t)series->packed_bytes));
        if (timed)
            json_object_set_new(line, "pack_ns", output_number(series->pack_ns));
    }
    if (timed && series->outcome == SERIES_PASS)
        json_object_set_new(line, "samples", describe_samples(series));
    if (series->iterations > 0)
        json_object_set_new(line, "iterations", json_integer(series->iterations));
    if (series->region >= 0) {
        json_object_set_new(line, "region", json_integer(series->region));
        json_object_set_new(line, "pid", json_integer(getpid()));
    }
    return line;
}

/* Writes the series' line. False: the output is gone. */
static bool report(const struct series *series, const struct plan_job *job, struct tally *tally)
{
    tally->measured += series->outcome == SERIES_PASS;
    tally->wrong += series->outcome == SERIES_FAIL || series->outcome == SERIES_ERROR;
    return output_line(describe(series, job));
}

/* One after the other: a count does not depend on what ran before. */
static bool count_job(const struct plan_job *job, struct tally *tally)
{
    bool written = true;
    for (size_t i = 0; i < job->count && written; i++) {
        struct series series;
        series_start(&series, &job->series[i], job);
        if (series.outcome == SERIES_PASS)
            series_count(&series);
        written = report(&series, job, tally);
        series_end(&series);
    }
    return written;
}

/* A round measures each series once; every second round in the reverse order, so that no series always follows the same
 * other one. */
static void time_rounds(struct series *all, const struct plan_job *job, double overhead)
{
    for (size_t i = 0; i < job->count; i++)
        if (all[i].outcome == SERIES_PASS)
            series_calibrate(&all[i], job->round_ns, overhead);
    for (size_t round = 0; round < job->rounds; round++)
        for (size_t i = 0; i < job->count; i++) {
            struct series *series = &all[round % 2 ? job->count - 1 - i : i];
            if (series->outcome == SERIES_PASS && round < series->rounds)
                series_sample(series, overhead);
        }
}

static bool time_job(const struct plan_job *job, struct tally *tally)
{
    static double overhead = -1;
    if (overhead < 0)
        overhead = series_overhead();
    struct series *all = calloc(job->count, sizeof(*all));
    if (!all) {
        fputs("assay-probe bench: no memory for a job\n", stderr);
        return false;
    }
    for (size_t i = 0; i < job->count; i++)
        series_start(&all[i], &job->series[i], job);
    time_rounds(all, job, overhead);
    bool written = true;
    for (size_t i = 0; i < job->count; i++) {
        written = written && report(&all[i], job, tally);
        series_end(&all[i]);
    }
    free(all);
    return written;
}

static bool measure(const struct plan_job *job, struct tally *tally)
{
    const bool written = job->metric == METRIC_NS ? time_job(job, tally) : count_job(job, tally);
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
