/* One series of a job: a kernel on a layer, ready to be run again and again. */
#ifndef ASSAY_SUITES_BENCH_SERIES_H
#define ASSAY_SUITES_BENCH_SERIES_H

#include "suites/bench/plan.h"
#include "suites/probe/oracle.h"

enum series_outcome { SERIES_PASS, SERIES_FAIL, SERIES_UNSUPPORTED, SERIES_ERROR };

struct series {
    const struct plan_series *plan;
    const struct assay_kernel *kernel; /* NULL: none computes it */
    const char *why;                   /* why this kernel */
    enum series_outcome outcome;
    char message[256]; /* empty on pass */

    struct layer *layer;
    struct assay_io io;
    void *in, *packed, *scratch;
    bool owns; /* a peer holds something in `packed` that release() frees */
    size_t packed_bytes;
    double pack_ns;
    struct oracle_verdict verdict, mode_error;
    bool judged; /* verdict and mode_error are set */

    double *samples; /* of `rounds` */
    size_t sample_count, rounds;
    long long iterations; /* in a sample; 0: not calibrated */
    json_int_t region;    /* -1: none */
};

/* The kernel that `plan` asks for, among those of its origin; NULL, and then *why, if none can. */
const struct assay_kernel *series_select(const struct plan_series *plan, const struct assay_problem *problem,
                                         const char **why);

/* Selects, makes the layer, packs, runs once and judges the output. After it the series is measurable if the outcome is
 * SERIES_PASS; else the outcome and the message are final. */
void series_start(struct series *series, const struct plan_series *plan, const struct plan_job *job);
void series_end(struct series *series);

/* Finds how many runs fill a sample of round_ns. `overhead`: ns of an empty call, taken off. */
void series_calibrate(struct series *series, double round_ns, double overhead);
/* Takes the next sample. */
void series_sample(struct series *series, double overhead);
/* Runs once in a marked region, whose number is then in `region`. */
void series_count(struct series *series);

/* Nanoseconds that the timing loop spends on a call of a function that does nothing. */
double series_overhead(void);

#endif
