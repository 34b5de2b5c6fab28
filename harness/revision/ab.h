/* A against B: the same series by two probes on the same target, their processes in turn (A B B A A B …), so that
 * whatever the machine does meanwhile hits both. For `assay bisect`, and for a gate that measures again what looks
 * regressed. */
#ifndef ASSAY_HARNESS_REVISION_AB_H
#define ASSAY_HARNESS_REVISION_AB_H

#include "harness/measure/measure.h"
#include "harness/measure/model_record.h"

/* A probe that can be run. */
struct assay_ab_side {
    const char *name, *commit; /* of the revision; commit NULL: not known */
    struct assay_bench bench;  /* jobs: not used */
};

/* Reaches the probe at `path` as the target's own would be. False, with a message. What it holds lives as long as the
 * process. */
bool assay_ab_open(const struct assay_stand *stand, const char *path, const char *name, const char *commit,
                   struct assay_ab_side *side);

/* What is measured: jobs of a suite, or, if `suite` is NULL, a network with its layers. */
struct assay_ab_subject {
    const char *name; /* of the comparison, for the records */
    const struct assay_suite *suite;
    struct assay_job_list jobs;
    struct assay_model_case network;
    json_int_t seed;
};

/* The job with this series alone, as a list of one. `kernels`: the lines of the side's `assay-probe list`. Count 0: the
 * suite does not make such a series. */
struct assay_job_list assay_ab_jobs(const struct assay_suite *suite, const struct assay_stand *stand,
                                    const json_t *kernels, const char *series_id);

/* Measures by `processes` more processes of each side. records[0] and [1] (arrays) get a record for each series, or,
 * where they have one of it, its record gets the further samples; their `identity.ab` is {"name", "side"}, side being
 * "a" or "b". Emulated: counts are exact, so one process of each is enough. A series that could not be measured has a
 * record that says so. False: interrupted, or a probe could not be started (which was said). */
bool assay_ab_measure(const struct assay_ab_subject *subject, const struct assay_ab_side *sides[2], size_t processes,
                      json_t *records[2]);

/* One side alone by one short process, for what needs no timing: the kernel, the hash of its code, the outcome. */
bool assay_ab_look(const struct assay_ab_subject *subject, const struct assay_ab_side *side, json_t *records);

/* The record of a series; NULL: there is none. Borrowed. */
json_t *assay_ab_find(const json_t *records, const char *series_id);

/* The least samples of each pair of processes, or the counts: of_a[] and of_b[] have room for `most`; the number of
 * pairs is returned, 0 where either was not measured. */
size_t assay_ab_pairs(const json_t *a, const json_t *b, double *of_a, double *of_b, size_t most);

/* b / a of each. */
size_t assay_ab_ratios(const json_t *a, const json_t *b, double *ratios, size_t most);

#endif
