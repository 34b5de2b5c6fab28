/* Measuring: plans in, records out. */
#ifndef ASSAY_HARNESS_MEASURE_MEASURE_H
#define ASSAY_HARNESS_MEASURE_MEASURE_H

#include "harness/code/code.h"
#include "harness/measure/record.h"
#include "harness/measure/store.h"
#include "harness/target/reach.h"

/* One target of a run: how it is reached, what it is, and what is measured on it. */
struct assay_bench {
    struct assay_link link;
    json_t *machine;               /* the probe's env line */
    const struct assay_code *code; /* NULL: not known */
    struct assay_job_list jobs;
};

struct assay_measuring {
    const struct assay_suite *suite;
    struct assay_run_identity identity;
    struct assay_store *store;                    /* NULL: take() gets the records, and nothing is said of progress */
    void (*take)(void *context, json_t *records); /* of a job that ended, an array; borrowed */
    void *context;
    const struct assay_bench *benches;
    size_t bench_count;
    size_t width;  /* emulated jobs at a time; native ones run alone */
    size_t passes; /* native: processes that measure each job */
    /* out: records by outcome */
    size_t passed, failed, unsupported, errors;
};

/* Counts the record's outcome. */
void assay_measuring_count(struct assay_measuring *measuring, const json_t *record);

/* Measures all jobs of all benches, native ones first; records are stored as each job ends. A probe that dies costs the
 * series it had not finished, which become records of outcome error. False: interrupted, or the records could not be
 * stored (which was said); what was stored before is kept. */
bool assay_measure(struct assay_measuring *measuring);

#endif
