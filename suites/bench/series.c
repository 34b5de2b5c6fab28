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

static void run_part(void *argument, size_t i)
{
    struct series *s = argument;
    const struct series_part *part = &s->parts[i];
    if (s->range_memory)
        assay_layer_ranges_share(&s->ranges, i);
    s->kernel->run(s->kernel, &part->cut.problem, part->packed, &part->io, part->scratch);
}

static void run(void *argument)
{
    struct series *s = argument;
    if (s->part_count == 1)
        run_part(s, 0);
    else
        assay_threads_run(s->threads, run_part, s, s->part_count);
}

static void pack(void *argument)
{
    struct series *s = argument;
    const double start = now_ns();
    s->owns = true;
    for (size_t i = 0; i < s->part_count && s->owns; i++) {
        struct series_part *part = &s->parts[i];
        const struct assay_weights weights = assay_layer_part_weights(&part->cut, &s->layer->weights);
        s->owns = part->shares || s->kernel->pack(s->kernel, &part->cut.problem, &weights, part->packed);
    }
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
            s->kernel->release(s->kernel, s->parts[0].packed, s->parts[0].scratch);
        s->owns = false;
        pack(s);
        spent += s->pack_ns;
        s->pack_ns = s->pack_ns < least ? s->pack_ns : least;
    }
}

static void prepare(void *argument)
{
    struct series *s = argument;
    for (size_t i = 0; s->kernel->prepare && i < s->part_count; i++) {
        const struct series_part *part = &s->parts[i];
        if (!s->kernel->prepare(s->kernel, &part->cut.problem, part->packed, &part->io, part->scratch))
            subject_give_up(&s->subject, SUBJECT_ERROR, "preparing the layer failed (standard error may say why)");
    }
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

static bool take_ranges(struct series *series, const struct assay_layer_part *cuts)
{
    const struct assay_problem *problem = &series->layer->problem;
    if (!assay_layer_shares_ranges(series->kernel, cuts, series->part_count))
        return true;
    const size_t bytes = assay_layer_ranges_bytes(problem, series->part_count);
    series->range_memory = take(bytes);
    if (!series->range_memory)
        return false;
    memset(series->range_memory, 0, bytes);
    series->ranges = assay_layer_ranges_make(series->kernel, problem, series->part_count, series->range_memory);
    series->ranges.in = series->in;
    return true;
}

/* Cuts the layer into what each thread computes. */
static bool cut(struct series *series)
{
    const struct assay_problem *problem = &series->layer->problem;
    const bool own = strcmp(series->kernel->origin, "assay") == 0;
    const size_t most = own ? assay_threads_count(series->threads) : 1;
    struct assay_layer_part *cuts = calloc(most, sizeof(*cuts));
    series->parts = calloc(most, sizeof(*series->parts));
    if (cuts && series->parts)
        series->part_count = assay_layer_split(problem, series->kernel, most, ASSAY_LAYER_LEAST_PART, cuts);
    for (size_t i = 0; i < series->part_count; i++)
        series->parts[i].cut = cuts[i];
    const bool good = series->part_count > 0 && take_ranges(series, cuts);
    free(cuts);
    return good;
}

/* Its packed weights and scratch, and where it reads and writes. */
static bool take_part(struct series *series, size_t i)
{
    const struct assay_kernel *kernel = series->kernel;
    struct series_part *part = &series->parts[i];
    part->shares = i > 0 && assay_layer_part_shares(&part->cut, &part[-1].cut);
    const size_t packed = part->shares ? 0 : kernel->packed_size(kernel, &part->cut.problem);
    part->packed = part->shares ? part[-1].packed : take(packed);
    part->scratch = take(kernel->scratch_size ? kernel->scratch_size(kernel, &part->cut.problem) : 0);
    part->io = series->io;
    part->io.in = (const char *)series->io.in + part->cut.in;
    part->io.out = (char *)series->io.out + part->cut.out;
    if (series->range_memory)
        part->io.group_parameters = series->ranges.parameters + part->cut.first_group;
    series->packed_bytes += packed;
    return part->packed && part->scratch;
}

/* Weights, scratch, and an input that a peer may read beyond: the layer's own ends where the contract says. */
static bool take_memory(struct series *series)
{
    const struct layer *layer = series->layer;
    series->in = input_of(layer, layer->io.in);
    series->addend = layer->io.addend ? input_of(layer, layer->io.addend) : NULL;
    series->io = layer->io;
    series->io.in = series->in;
    series->io.addend = series->addend;
    bool good = series->in && (!layer->io.addend || series->addend) && cut(series);
    for (size_t i = 0; good && i < series->part_count; i++)
        good = take_part(series, i);
    if (!good)
        subject_give_up(&series->subject, SUBJECT_ERROR, "no memory: the kernel packs %zu bytes, and needs more beside",
                        series->packed_bytes);
    return good;
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

void series_start(struct series *series, const struct plan_series *plan, const struct plan_job *job,
                  struct assay_threads *threads)
{
    *series = (struct series){.plan = plan, .threads = threads, .region = -1};
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
        series->kernel->release(series->kernel, series->parts[0].packed, series->parts[0].scratch);
    subject_end(&series->subject);
    for (size_t i = 0; i < series->part_count; i++) {
        free(series->parts[i].scratch);
        if (!series->parts[i].shares)
            free(series->parts[i].packed);
    }
    free(series->parts);
    free(series->range_memory);
    free(series->in);
    free(series->addend);
    layer_free(series->layer);
}

static void run_marked(void *argument)
{
    const struct series *s = argument;
    const struct assay_kernel *kernel = s->kernel;
    const struct assay_problem *problem = &s->layer->problem;
    const void *packed = s->parts[0].packed;
    void *scratch = s->parts[0].scratch;
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
