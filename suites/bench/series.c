#include "suites/bench/series.h"

#include "suites/peers/peer.h"
#include "toolchains/qemu/markers.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ORACLE_MACS = 4 * 1000 * 1000 }; /* how much of the output is judged */

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
        subject_give_up(&s->subject, SUBJECT_ERROR, "packing the weights failed (standard error may say why)");
}

/* Packing happens once in a network's life, so that its first time would be the honest one, were it not made of page
 * faults and chance: the least of some more is what the work itself takes. */
static void pack_again(void *argument)
{
    enum { REPEATS = 10, ENOUGH_NS = 5 * 1000 * 1000 };
    struct series *s = argument;
    double spent = s->pack_ns;
    for (int i = 0; i < REPEATS && spent < ENOUGH_NS && s->subject.outcome == SUBJECT_PASS; i++) {
        const double least = s->pack_ns;
        if (s->kernel->release)
            s->kernel->release(s->kernel, s->packed, s->scratch);
        s->owns = false;
        pack(s);
        spent += s->pack_ns;
        s->pack_ns = s->pack_ns < least ? s->pack_ns : least;
    }
}

static void prepare(void *argument)
{
    struct series *s = argument;
    if (s->kernel->prepare && !s->kernel->prepare(s->kernel, &s->layer->problem, s->packed, &s->io, s->scratch))
        subject_give_up(&s->subject, SUBJECT_ERROR, "preparing the layer failed (standard error may say why)");
}

static void *take(size_t bytes)
{
    return bytes > PLAN_MEMORY_MAX ? NULL
                                   : aligned_alloc(ASSAY_PACK_ALIGN, assay_round_up(bytes + 1, ASSAY_PACK_ALIGN));
}

/* A copy of an input, with what a peer may read beyond it. */
static void *input_of(const struct layer *layer, const void *from)
{
    char *in = take(layer->in_bytes + ASSAY_PEER_OVERREAD);
    if (in) {
        memcpy(in, from, layer->in_bytes);
        memset(in + layer->in_bytes, 0xFF, ASSAY_PEER_OVERREAD);
    }
    return in;
}

/* Weights, scratch, and an input that a peer may read beyond: the layer's own ends where the contract says. */
static bool take_memory(struct series *series)
{
    const struct assay_kernel *kernel = series->kernel;
    const struct layer *layer = series->layer;
    series->packed_bytes = kernel->packed_size(kernel, &layer->problem);
    const size_t scratch = kernel->scratch_size ? kernel->scratch_size(kernel, &layer->problem) : 0;
    series->in = input_of(layer, layer->io.in);
    series->addend = layer->io.addend ? input_of(layer, layer->io.addend) : NULL;
    series->packed = take(series->packed_bytes);
    series->scratch = take(scratch);
    if (!series->in || (layer->io.addend && !series->addend) || !series->packed || !series->scratch) {
        subject_give_up(&series->subject, SUBJECT_ERROR, "no memory: the kernel packs %zu bytes and needs %zu beside",
                        series->packed_bytes, scratch);
        return false;
    }
    series->io = layer->io;
    series->io.in = series->in;
    series->io.addend = series->addend;
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
        subject_give_up(&series->subject, SUBJECT_FAIL, "%s", series->verdict.message);
}

void series_start(struct series *series, const struct plan_series *plan, const struct plan_job *job)
{
    *series = (struct series){.plan = plan, .region = -1};
    if (!subject_start(&series->subject, run, series, job->rounds))
        return;
    const bool timed = job->metric == METRIC_NS;
    series->subject.overhead = timed ? subject_call_overhead() : 0;
    const char *why;
    series->layer = layer_make_typical(&plan->layer_case, plan->mode, plan->structure, plan->sparsity, job->seed, &why);
    if (!series->layer) {
        subject_give_up(&series->subject, SUBJECT_ERROR, "%s", why);
        return;
    }
    series->kernel = series_select(plan, &series->layer->problem, &series->why);
    if (!series->kernel) {
        const bool by_name =
            strcmp(plan->kernel, "best") != 0 && strcmp(plan->kernel, "ref") != 0 && strcmp(plan->kernel, "auto") != 0;
        subject_give_up(&series->subject, by_name && !series_knows(plan) ? SUBJECT_ERROR : SUBJECT_UNSUPPORTED, "%s",
                        series->why);
        return;
    }
    if (take_memory(series) && subject_try(&series->subject, pack, "pack") &&
        (!timed || subject_try(&series->subject, pack_again, "packing again")) &&
        subject_try(&series->subject, prepare, "prepare") && subject_try(&series->subject, run, "run"))
        judge(series);
}

void series_end(struct series *series)
{
    /* What a peer leaves behind after a crash is not to be touched. */
    if (series->owns && !series->subject.crashed && series->kernel->release)
        series->kernel->release(series->kernel, series->packed, series->scratch);
    subject_end(&series->subject);
    free(series->scratch);
    free(series->packed);
    free(series->in);
    free(series->addend);
    layer_free(series->layer);
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
    series->region = subject_next_region();
    if (subject_try(&series->subject, run_marked, "the counted run"))
        series->subject.iterations = 1;
}
