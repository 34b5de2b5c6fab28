/* Measuring a job: one function a kind. */
#ifndef ASSAY_SUITES_BENCH_JOBS_H
#define ASSAY_SUITES_BENCH_JOBS_H

#include "suites/bench/plan.h"
#include "suites/bench/subject.h"

/* What came of the whole plan. */
struct tally {
    size_t measured, wrong;
};

static inline void tally_add(struct tally *tally, enum subject_outcome outcome)
{
    tally->measured += outcome == SUBJECT_PASS;
    tally->wrong += outcome == SUBJECT_FAIL || outcome == SUBJECT_ERROR;
}

/* Measures all series of the job and writes a line for each. False: the output is gone, or no memory (said). */
bool layers_measure(const struct plan_job *job, struct tally *tally);
bool networks_measure(const struct plan_job *job, struct tally *tally);

#endif
