/* The plan that `assay-probe bench` reads (docs/probe-protocol.md): one job a line. A plan may come from anywhere, so
 * every member is checked, unknown ones too, before anything of its job is measured. */
#ifndef ASSAY_SUITES_BENCH_PLAN_H
#define ASSAY_SUITES_BENCH_PLAN_H

#include "suites/probe/layer.h"

#include <jansson.h>

enum bench_metric { METRIC_NS, METRIC_INSTRUCTIONS };

enum {
    PLAN_LINE_MAX = 1 << 20, /* bytes */
    PLAN_SERIES_MAX = 256,
    PLAN_NETWORKS_MAX = 64,
    PLAN_PATH_MAX = 4096,
    PLAN_THREADS_MAX = 256,
    PLAN_BATCH_MAX = 1 << 20,
    PLAN_NAME_MAX = 128,
    PLAN_ROUNDS_MAX = 10000,
};
/* What the layers or networks of a job may take together: about what the smallest boards that run Linux comfortably
 * have. */
#define PLAN_MEMORY_MAX (UINT64_C(4) << 30)

struct plan_series {
    char key[PLAN_NAME_MAX], kernel[PLAN_NAME_MAX], origin[PLAN_NAME_MAX];
    struct layer_case layer_case; /* the job's, with the operation of this series */
    enum assay_mode mode;
    enum assay_structure structure;
    double sparsity;
};

struct plan_network {
    char key[PLAN_NAME_MAX], kernel[PLAN_NAME_MAX]; /* kernel: best, ref, or a glob (models/run/executor.h) */
    char origin[PLAN_NAME_MAX];                     /* "assay", or whose kernels are to compute what they can */
    char file[PLAN_PATH_MAX];
    size_t threads, batch; /* batch 0: as in the file */
    bool half;             /* layers of f16 weights in mode fp16 */
};

enum plan_kind { PLAN_LAYERS, PLAN_NETWORKS };

struct plan_job {
    enum plan_kind kind;
    json_int_t id;
    enum bench_metric metric;
    size_t rounds;
    double round_ns;
    uint64_t seed;
    size_t threads; /* layers: that compute each; networks have their own */
    size_t count;
    union {
        struct plan_series series[PLAN_SERIES_MAX];
        struct plan_network networks[PLAN_NETWORKS_MAX];
    };
};

enum plan_answer { PLAN_JOB, PLAN_OTHER, PLAN_BAD };

/* One line, which need not end in 0. PLAN_OTHER: an object of a type that is no job. PLAN_BAD: *why, of why_size bytes,
 * names the member and what is wrong with it. */
enum plan_answer plan_parse(const char *line, size_t length, struct plan_job *job, char *why, size_t why_size);

#endif
