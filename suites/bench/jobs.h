/* Measuring a job: one function a kind. */
#ifndef ASSAY_SUITES_BENCH_JOBS_H
#define ASSAY_SUITES_BENCH_JOBS_H

#include "suites/bench/plan.h"
#include "suites/bench/subject.h"

#include <stdio.h>

/* Calls take() for each job of a plan until it returns false. The exit status of `command`, after a line on standard
 * error where it is not PROBE_FINE (but none for take(), which has said why). */
typedef bool plan_take(const struct plan_job *job, void *context);
int plan_read(FILE *file, const char *command, plan_take *take, void *context);

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
