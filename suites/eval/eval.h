/* Running a network over a dataset, and a reference beside it. */
#ifndef ASSAY_SUITES_EVAL_EVAL_H
#define ASSAY_SUITES_EVAL_EVAL_H

#include "suites/eval/isolate.h"
#include "suites/eval/judge.h"

struct eval_side {
    const char *path, *kernel;
    bool half; /* layers of f16 weights compute with f16 activations, too */
    struct assay_graph *graph;
    struct assay_executor *executor;
    struct judge judge;
};

struct eval {
    struct assay_dataset *dataset;
    size_t first, samples; /* of the dataset */
    size_t batch;          /* 0: as in the network's file; eval_run() sets it */
    bool isolates;         /* whether each layer's own error is measured, too */
    struct assay_executor_options options;
    struct eval_side model, reference; /* reference.graph NULL: there is none */
    /* Results; the judges' too. */
    struct layers layers;
    struct isolate isolate;
    struct metrics_error outputs; /* of all outputs against the reference's */
    struct assay_executor_memory memory;
    json_t *operators;
};

/* Everything but the results has been set. False: the error says what does not fit what; it names the file. */
bool eval_run(struct eval *eval, struct assay_model_error *error);

/* Frees what it holds, dataset and graphs included. */
void eval_free(struct eval *eval);

#endif
