/* One series of a job: a kernel on a layer, ready to be run again and again. */
#ifndef ASSAY_SUITES_BENCH_SERIES_H
#define ASSAY_SUITES_BENCH_SERIES_H

#include "models/ops/layer_ranges.h"
#include "models/run/threads.h"
#include "suites/bench/plan.h"
#include "suites/bench/subject.h"
#include "suites/probe/oracle.h"

/* What one thread computes of a layer. */
struct series_part {
    struct assay_layer_part cut;
    struct assay_io io;
    void *packed, *scratch;
    bool shares; /* the packed weights of the part before */
};

struct series {
    struct subject subject;
    const struct plan_series *plan;
    const struct assay_kernel *kernel; /* NULL: none computes it */
    const char *why;                   /* why this kernel */

    struct layer *layer;
    struct assay_io io;
    void *in, *addend;
    struct assay_threads *threads; /* NULL: the caller's alone */
    struct series_part *parts;     /* one, unless threads share the layer */
    size_t part_count;
    struct assay_layer_ranges ranges; /* of parts that share some */
    void *range_memory;               /* NULL: none do */
    bool owns;                        /* a peer holds something in the only part's `packed` that release() frees */
    size_t packed_bytes;
    double pack_ns;
    struct oracle_verdict verdict, mode_error;
    bool judged; /* verdict and mode_error are set */

    json_int_t region; /* -1: none */
};

/* The kernel that `plan` asks for, among those of its origin; NULL, and then *why, if none can. */
const struct assay_kernel *series_select(const struct plan_series *plan, const struct assay_problem *problem,
                                         const char **why);

/* Whether the kernel that `plan` asks for by its name is there and made for this CPU: if it was not selected, it
 * refused the layer. */
bool series_knows(const struct plan_series *plan);

/* Selects, makes the layer, cuts it for the threads (a peer computes it as a whole on one), packs, runs once and judges
 * the output. After it the series is measurable if the subject's outcome is SUBJECT_PASS; else outcome and message are
 * final. */
void series_start(struct series *series, const struct plan_series *plan, const struct plan_job *job,
                  struct assay_threads *threads);
void series_end(struct series *series);

/* Runs once in a marked region, whose number is then in `region`. */
void series_count(struct series *series);

#endif
