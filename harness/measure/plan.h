/* From a suite to jobs: which series are measured, and which of them together. */
#ifndef ASSAY_HARNESS_MEASURE_PLAN_H
#define ASSAY_HARNESS_MEASURE_PLAN_H

#include "harness/suite/suite.h"
#include "harness/target/target.h"

#include <jansson.h>

/* One number of the result: a case in one mode, structure and sparsity, by one kernel. */
struct assay_series {
    const char *id;   /* target/case/op/mode/structure@sparsity/role[/peer], the same in every run */
    const char *key;  /* the part after the case: unique in its job */
    enum assay_op op; /* the case's; gemm for a dense series of a spmm case */
    enum assay_mode mode;
    enum assay_structure structure;
    double sparsity;
    const char *role;   /* best, auto, ref, peer, named */
    const char *origin; /* peer: whose kernel; else NULL */
    const char *kernel; /* named: its whole name; else NULL */
    bool recorded;      /* false: only measured again as another's baseline */
};

/* Series of one case that are measured interleaved with each other. */
struct assay_job {
    const struct assay_case *layer;
    const char *name; /* the case's, with the threads where there are several: their figures must not be compared */
    size_t threads;
    struct assay_series *series;
    size_t count;
    size_t baseline; /* the series that speed-ups are told against: fp32, dense, best; count if there is none */
};

struct assay_job_list {
    struct assay_job *items;
    size_t count;
};

/* What the user asked for of a suite. */
struct assay_choice {
    const char *filter; /* glob of case names; NULL: all */
    unsigned modes, roles;
    size_t threads; /* that compute each layer; 0 and 1: one */
};

bool assay_choice_takes(const struct assay_choice *choice, const struct assay_case *layer);

/* The jobs of one stand. `kernels` are the lines of its `assay-probe list`: peers are measured in what they have. */
struct assay_job_list assay_plan(const struct assay_suite *suite, const struct assay_choice *choice,
                                 const struct assay_stand *stand, const json_t *kernels);

/* The job without the series for which `is_done` is true; its baseline stays as long as anything does. A job whose
 * count is 0 needs no running. */
struct assay_job assay_job_remaining(const struct assay_job *job, bool (*is_done)(void *context, const char *id),
                                     void *context);

/* The job as a line for the probe; the caller frees it. */
char *assay_job_line(const struct assay_job *job, const struct assay_suite *suite, bool emulated, json_int_t seed);

/* The members of a case's shape, as docs/probe-protocol.md names them. */
json_t *assay_shape_json(const struct assay_problem *problem);

#endif
