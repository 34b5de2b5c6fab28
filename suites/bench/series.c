#include "suites/bench/series.h"

#include "suites/bench/gbench_shim.h"
#include "suites/peers/peer.h"
#include "suites/probe/fault.h"
#include "toolchains/qemu/markers.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    RUN_SECONDS = 600,             /* of CPU time, for one step of a series: an emulated reference takes long */
    ORACLE_MACS = 4 * 1000 * 1000, /* how much of the output is judged */
    SLOW_ROUNDS = 3,
    SLOW_FACTOR = 50,
};

__attribute__((format(printf, 3, 4))) static void give_up(struct series *series, enum series_outcome outcome,
                                                          const char *format, ...)
{
    series->outcome = outcome;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(series->message, sizeof(series->message), format, arguments);
    va_end(arguments);
}

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void run(void *argument)
{
    const struct series *s = argument;
    s->kernel->run(s->kernel, &s->layer->problem, s->packed, &s->io, s->scratch);
}

static void pack(void *argument)
{
    struct series *s = argument;
    const double start = now_ns();
    s->owns = s->kernel->pack(s->kernel, &s->layer->problem, &s->layer->weights, s->packed);
    s->pack_ns = now_ns() - start;
    if (!s->owns)
        give_up(s, SERIES_ERROR, "packing the weights failed (standard error may say why)");
}

static void prepare(void *argument)
{
    struct series *s = argument;
    if (s->kernel->prepare && !s->kernel->prepare(s->kernel, &s->layer->problem, s->packed, &s->io, s->scratch))
        give_up(s, SERIES_ERROR, "preparing the layer failed (standard error may say why)");
}

/* Does one step that may crash. False if the series is over. */
static bool step(struct series *series, void (*function)(void *), const char *name)
{
    struct fault fault;
    if (!fault_run(function, series, RUN_SECONDS, &fault)) {
        give_up(series, SERIES_ERROR, "%s in %s", fault.message, name);
        series->owns = false; /* what a peer left behind is not to be touched */
    }
    return series->outcome == SERIES_PASS;
}

static void *take(size_t bytes)
{
    return bytes > PLAN_MEMORY_MAX ? NULL
                                   : aligned_alloc(ASSAY_PACK_ALIGN, assay_round_up(bytes + 1, ASSAY_PACK_ALIGN));
}

/* Weights, scratch, and an input that a peer may read beyond: the layer's own ends where the contract says. */
static bool take_memory(struct series *series)
{
    const struct assay_kernel *kernel = series->kernel;
    const struct layer *layer = series->layer;
    series->packed_bytes = kernel->packed_size(kernel, &layer->problem);
    const size_t scratch = kernel->scratch_size ? kernel->scratch_size(kernel, &layer->problem) : 0;
    series->in = take(layer->in_bytes + ASSAY_PEER_OVERREAD);
    series->packed = take(series->packed_bytes);
    series->scratch = take(scratch);
    if (!series->in || !series->packed || !series->scratch) {
        give_up(series, SERIES_ERROR, "no memory: the kernel packs %zu bytes and needs %zu beside",
                series->packed_bytes, scratch);
        return false;
    }
    memcpy(series->in, layer->io.in, layer->in_bytes);
    memset((char *)series->in + layer->in_bytes, 0xFF, ASSAY_PEER_OVERREAD);
    series->io = layer->io;
    series->io.in = series->in;
    return true;
}

static void judge(struct series *series)
{
    const struct layer *layer = series->layer;
    const size_t depth = assay_problem_depth(&layer->problem), limit = ORACLE_MACS / (depth + 1) + 16;
    const bool right = oracle_judge(layer, series->kernel->accumulator, series->io.out, series->io.row_parameters,
                                    limit, &series->verdict);
    oracle_mode_error(layer, series->io.out, limit, &series->mode_error);
    series->judged = true;
    if (!right && strcmp(series->kernel->origin, "assay") == 0)
        give_up(series, SERIES_FAIL, "%s", series->verdict.message);
}

void series_start(struct series *series, const struct plan_series *plan, const struct plan_job *job)
{
    *series = (struct series){.plan = plan, .rounds = job->rounds, .region = -1};
    const char *why;
    series->layer = layer_make_typical(&plan->layer_case, plan->mode, plan->structure, plan->sparsity, job->seed, &why);
    if (!series->layer) {
        give_up(series, SERIES_ERROR, "%s", why);
        return;
    }
    series->kernel = series_select(plan, &series->layer->problem, &series->why);
    if (!series->kernel) {
        const bool by_name =
            strcmp(plan->kernel, "best") != 0 && strcmp(plan->kernel, "ref") != 0 && strcmp(plan->kernel, "auto") != 0;
        give_up(series, by_name ? SERIES_ERROR : SERIES_UNSUPPORTED, "%s", series->why);
        return;
    }
    series->samples = calloc(job->rounds, sizeof(*series->samples));
    if (!series->samples) {
        give_up(series, SERIES_ERROR, "no memory for the samples");
        return;
    }
    if (take_memory(series) && step(series, pack, "pack") && step(series, prepare, "prepare") &&
        step(series, run, "run"))
        judge(series);
}

void series_end(struct series *series)
{
    if (series->owns && series->kernel->release)
        series->kernel->release(series->kernel, series->packed, series->scratch);
    free(series->samples);
    free(series->scratch);
    free(series->packed);
    free(series->in);
    layer_free(series->layer);
}

static void nothing(void *argument)
{
    (void)argument;
}

double series_overhead(void)
{
    enum { CALLS = 100 * 1000, TRIALS = 5 };
    double best = -1;
    for (int i = 0; i < TRIALS; i++) {
        const double ns = gbench_time(nothing, NULL, CALLS) / CALLS;
        best = best < 0 || ns < best ? ns : best;
    }
    return best;
}

/* A timed stretch of runs, which may crash. */
struct stretch {
    struct series *series;
    long long iterations;
    double ns; /* of all */
};

static void time_stretch(void *argument)
{
    struct stretch *stretch = argument;
    stretch->ns = gbench_time(run, stretch->series, stretch->iterations);
}

/* ns of one run; below 0 if the series is over. */
static double time_run(struct series *series, long long iterations, double overhead)
{
    struct stretch stretch = {.series = series, .iterations = iterations};
    struct fault fault;
    if (!fault_run(time_stretch, &stretch, RUN_SECONDS, &fault)) {
        give_up(series, SERIES_ERROR, "%s in a repeated run", fault.message);
        series->owns = false;
        return -1;
    }
    if (stretch.ns < 0) {
        give_up(series, SERIES_ERROR, "Google Benchmark ran nothing");
        return -1;
    }
    const double ns = stretch.ns / (double)iterations - overhead;
    return ns > 0 ? ns : 0;
}

void series_calibrate(struct series *series, double round_ns, double overhead)
{
    /* Stretches that grow by at most a factor of ten, until three have been long enough to tell. The shortest run of
     * all counts: a stretch in which the machine did something else would make every sample too short. */
    const double most = 1e9;
    double iterations = 1, shortest = -1;
    for (int told = 0; told < 3;) {
        const double ns = time_run(series, (long long)iterations, overhead);
        if (ns < 0)
            return;
        const double spent = (ns + overhead) * iterations;
        const bool tells = spent >= round_ns / 4 || iterations >= most;
        if (tells)
            shortest = shortest < 0 || ns < shortest ? ns : shortest;
        /* Nothing is left to find where one run fills the sample. */
        told += tells ? (iterations <= 1 && spent >= round_ns ? 3 : 1) : 0;
        const double wanted = spent > 0 ? round_ns / spent * iterations : most;
        const double next = tells || wanted < 10 * iterations ? wanted : 10 * iterations;
        iterations = next < 1 ? 1 : next > most ? most : next;
    }
    const double fitting = round_ns / (shortest + overhead > 1 ? shortest + overhead : 1);
    series->iterations = fitting < 1 ? 1 : (long long)fitting;
    if (shortest > SLOW_FACTOR * round_ns && series->rounds > SLOW_ROUNDS)
        series->rounds = SLOW_ROUNDS;
}

void series_sample(struct series *series, double overhead)
{
    const double ns = time_run(series, series->iterations, overhead);
    if (ns >= 0)
        series->samples[series->sample_count++] = ns;
}

static void run_marked(void *argument)
{
    const struct series *s = argument;
    const struct assay_kernel *kernel = s->kernel;
    const struct assay_problem *problem = &s->layer->problem;
    const void *packed = s->packed;
    void *scratch = s->scratch;
    assay_region_begin(0);
    kernel->run(kernel, problem, packed, &s->io, scratch);
    assay_region_end(0);
}

void series_count(struct series *series)
{
    static json_int_t regions; /* as the plugin numbers them: by their begin markers */
    series->region = regions++;
    if (step(series, run_marked, "the counted run"))
        series->iterations = 1;
}
