/* One series of a job of networks: a file, ready to be run again and again. */
#ifndef ASSAY_SUITES_BENCH_NETWORK_H
#define ASSAY_SUITES_BENCH_NETWORK_H

#include "models/run/executor.h"
#include "suites/bench/plan.h"
#include "suites/bench/subject.h"

struct env_cores; /* suites/probe/env.h */

/* One operator of the network. */
struct network_layer {
    const struct assay_operator *op;
    const char *tensor;                  /* the name of its first output */
    const char *kernel, *origin;         /* NULL: no kernel, neither ours nor a plugin's, but the operator itself */
    const struct assay_problem *problem; /* what that kernel computes */
    uint64_t macs, weight_bytes, nonzero_weights;
    bool idle; /* a run has nothing to do for it: constants decide its outputs */
    double spent;
    double *samples; /* ns of one run, one a profile round; of the subject's rounds */
    json_int_t region;
};

struct network {
    struct subject subject;
    const struct plan_network *plan;
    uint64_t seed;
    size_t memory_limit; /* bytes, of the graph and of what runs it, each */
    struct assay_graph *graph;
    struct assay_executor *executor;
    struct assay_threads *threads; /* of the job, where it has as many as the plan asks for; else NULL */
    struct env_cores *cores;       /* of its own threads; NULL: one thread, or not pinned, or those of the job */
    size_t input_count, batch, model_bytes;
    void **inputs; /* copies: the executor's own share their memory with what is computed later */
    size_t *input_bytes;
    double pack_ns;  /* reading the file and preparing, once */
    double input_ns; /* what rewriting the inputs takes, before each run; taken off */
    double clock_ns; /* what looking at the clock after a layer takes; taken off */
    double last;     /* when the layer before ended */
    struct network_layer *layers;
    size_t layer_count, profile_count;
    json_int_t region; /* of the whole; -1: none */
};

/* Reads the file, prepares it and runs it once. After it the network is measurable if the subject's outcome is
 * SUBJECT_PASS; else outcome and message are final. `memory_limit` in bytes. threads: the job's, NULL: none. */
void network_start(struct network *network, const struct plan_network *plan, const struct plan_job *job,
                   size_t memory_limit, struct assay_threads *threads);
void network_end(struct network *network);

/* Takes the next sample of each layer. Not while the whole is sampled: looking at the clock between the layers takes
 * time. `subject`: of a network that is calibrated. */
void network_profile(struct subject *subject);

/* Runs in a marked region, then with a region for each layer. */
void network_count(struct network *network);

#endif
