/* Jobs of layers. */
#include "kernels/core/select.h"
#include "suites/bench/jobs.h"
#include "suites/bench/series.h"
#include "suites/peaks/bound.h"
#include "suites/peaks/stream.h"
#include "suites/probe/env.h"
#include "suites/probe/output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static json_t *describe_error(const struct series *series)
{
    const struct oracle_verdict *v = &series->verdict;
    json_t *error = json_pack("{ss so so}", "metric", v->metric, "value", output_number(v->value), "bound",
                              output_number(v->bound));
    if (strcmp(series->kernel->origin, "assay") != 0)
        json_object_set_new(error, "judged", json_false());
    return error;
}

static uint64_t nonzero_macs(const struct layer *layer)
{
    /* Each weight meets each row of the output, or each of its pixels, once. */
    return layer->problem.op == ASSAY_OP_QUANTIZE
               ? 0
               : layer->nonzero_weights * assay_problem_out_rows(&layer->problem).rows;
}

static json_t *describe_bound(const struct peak_work *work)
{
    json_t *bound = peak_bound_json(work);
    const double stream = peak_stream_ns(work);
    if (stream > 0)
        json_object_set_new(bound, "stream_ns", output_number(stream));
    return bound;
}

static json_t *describe(const struct series *series, const struct plan_job *job)
{
    const bool timed = job->metric == METRIC_NS;
    json_t *line =
        json_pack("{ss sI ss so ss so ss ss sI}", "type", "measurement", "id", job->id, "key", series->plan->key,
                  "kernel", series->kernel ? json_string(series->kernel->name) : json_null(), "origin",
                  series->plan->origin, "why", series->kernel ? json_string(series->why) : json_null(), "outcome",
                  subject_outcome_names[series->subject.outcome], "metric", timed ? "ns" : "instructions", "seed",
                  (json_int_t)job->seed);
    if (series->subject.outcome != SUBJECT_PASS)
        json_object_set_new(line, "message", json_string(series->subject.message));
    if (series->judged) {
        json_object_set_new(line, "error", describe_error(series));
        json_object_set_new(line, "accuracy", json_pack("{so}", "rel_rms", output_number(series->mode_error.value)));
    }
    if (series->layer && series->kernel) {
        const struct assay_problem *problem = &series->layer->problem;
        json_object_set_new(line, "macs", json_integer((json_int_t)assay_problem_macs(problem)));
        json_object_set_new(line, "nonzero_macs", json_integer((json_int_t)nonzero_macs(series->layer)));
        json_object_set_new(line, "weight_bytes", json_integer((json_int_t)assay_problem_weight_bytes(problem)));
        const double cost = assay_kernel_cost(series->kernel, problem);
        if (!isnan(cost))
            json_object_set_new(line, "cost", json_real(cost));
        /* What a peer keeps is its own affair: it tells no size. */
        if (!series->kernel->release)
            json_object_set_new(line, "packed_bytes", json_integer((json_int_t)series->packed_bytes));
        if (timed)
            json_object_set_new(line, "pack_ns", output_number(series->pack_ns));
    }
    if (timed && series->subject.outcome == SUBJECT_PASS) {
        const struct peak_work work = peak_work_of(&series->layer->problem, series->layer->nonzero_weights);
        json_object_set_new(line, "samples", subject_samples(&series->subject));
        if (job->threads == 1) /* the peaks are of one core */
            json_object_set_new(line, "bound", describe_bound(&work));
        else
            json_object_set_new(line, "parts", json_integer((json_int_t)series->part_count));
    }
    if (series->subject.iterations > 0)
        json_object_set_new(line, "iterations", json_integer(series->subject.iterations));
    if (series->region >= 0) {
        json_object_set_new(line, "region", json_integer(series->region));
        json_object_set_new(line, "pid", json_integer(getpid()));
    }
    return line;
}

/* Writes the series' line. False: the output is gone. */
static bool report(const struct series *series, const struct plan_job *job, struct tally *tally)
{
    tally_add(tally, series->subject.outcome);
    return output_line(describe(series, job));
}

/* One after the other: a count does not depend on what ran before. */
static bool count_job(const struct plan_job *job, struct tally *tally)
{
    bool written = true;
    for (size_t i = 0; i < job->count && written; i++) {
        struct series series;
        series_start(&series, &job->series[i], job, NULL);
        if (series.subject.outcome == SUBJECT_PASS)
            series_count(&series);
        written = report(&series, job, tally);
        series_end(&series);
    }
    return written;
}

static bool time_job(const struct plan_job *job, struct assay_threads *threads, struct tally *tally)
{
    struct series *all = calloc(job->count, sizeof(*all));
    struct subject **subjects = calloc(job->count, sizeof(*subjects));
    bool written = all && subjects;
    if (!written)
        fputs("assay-probe bench: no memory for a job\n", stderr);
    for (size_t i = 0; written && i < job->count; i++) {
        series_start(&all[i], &job->series[i], job, threads);
        subjects[i] = &all[i].subject;
    }
    peaks_measure();
    if (written)
        subjects_time(subjects, job->count, job->rounds, job->round_ns);
    peaks_measure();
    for (size_t i = 0; all && subjects && i < job->count; i++) {
        written = written && report(&all[i], job, tally);
        series_end(&all[i]);
    }
    free(subjects);
    free(all);
    return written;
}

/* Each of the threads on a core of its own. */
static bool time_with_threads(const struct plan_job *job, struct tally *tally)
{
    struct env_cores *cores = env_cores_of_threads(job->threads);
    struct assay_threads *threads = NULL;
    env_pin_thread(cores, 0);
    bool written = assay_threads_make(job->threads, env_pin_thread, cores, &threads);
    if (!written)
        fprintf(stderr, "assay-probe bench: %zu threads cannot be had\n", job->threads);
    written = written && time_job(job, threads, tally);
    assay_threads_free(threads);
    free(cores);
    return written;
}

bool layers_measure(const struct plan_job *job, struct tally *tally)
{
    if (job->metric != METRIC_NS)
        return count_job(job, tally);
    return job->threads > 1 ? time_with_threads(job, tally) : time_job(job, NULL, tally);
}
