/* A suite: the layers to measure, read from YAML (docs/suites.md). All of it lives as long as the process. */
#ifndef ASSAY_HARNESS_SUITE_SUITE_H
#define ASSAY_HARNESS_SUITE_SUITE_H

#include "harness/base/say.h"
#include "kernels/core/problem.h"
#include "reports/goals/goal.h"

/* Which kernel of a mode a series measures. */
enum assay_role {
    ASSAY_ROLE_BEST,
    ASSAY_ROLE_AUTO,
    ASSAY_ROLE_REF,
    ASSAY_ROLE_PEERS, /* the best of each peer */
    ASSAY_ROLE_COUNT, /* of those that a suite may name */
    ASSAY_ROLE_EVERY =
        ASSAY_ROLE_COUNT, /* each kernel of ours by its name: for judging the choice (docs/selection.md) */
};
extern const char *const assay_role_names[ASSAY_ROLE_COUNT + 1];

/* One layer. For op spmm it is measured dense (as gemm) and in each structure and sparsity. */
struct assay_case {
    const char *name;
    struct assay_place place;
    struct assay_problem problem; /* op, activation and shape; mode and quantization are not its business */
    unsigned modes;               /* a bit for each enum assay_mode */
    unsigned roles;               /* a bit for each enum assay_role */
    unsigned structures;          /* spmm: a bit for each sparse enum assay_structure */
    const double *sparsities;     /* spmm: in [0, 1), ascending */
    size_t sparsity_count;
};

struct assay_suite {
    const char *name, *description, *file;
    size_t rounds;                  /* samples of a series in each process */
    size_t round_us;                /* how long one sample takes, about */
    const struct assay_case *cases; /* those of included suites are named SUITE.CASE */
    size_t case_count;
    const char *const *included; /* files */
    size_t included_count;
    struct assay_goal_list goals; /* what its records are held to */
};

/* NULL if the file cannot be read or is no suite; then it has said why. */
const struct assay_suite *assay_suite_read(const char *path);

/* A suite of one case, named `case`, written as in a file: "{op: gemm, m: 1, n: 10, k: 256}". */
const struct assay_suite *assay_suite_of_case(const char *text);

#endif
