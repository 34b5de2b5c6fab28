/* A subgraph made ready to run, and the executor that holds them. For models/run alone. */
#ifndef ASSAY_MODELS_RUN_NETWORK_H
#define ASSAY_MODELS_RUN_NETWORK_H

#include "models/run/executor.h"
#include "models/run/threads.h"

struct assay_network {
    const struct assay_subgraph *graph;
    struct assay_value *values; /* one for each tensor */
    struct assay_node *nodes;   /* one for each operator */
    const struct assay_op_kind **kinds;
    bool *idle;   /* of each node: a run has nothing to do, because its outputs are constants */
    bool has_run; /* for CALL_ONCE */
};

/* A variable that a handle names. */
struct assay_variable {
    const char *container, *name;
    size_t bytes;
    void *data, *first; /* first: what prepare left in data */
    struct assay_variable *next;
};

/* Packed weights that hold more than their bytes. */
struct assay_adopted {
    const struct assay_kernel *kernel;
    void *packed, *const *scratch;
    struct assay_adopted *next;
};

/* The kernels of an operation that the options ask for. */
struct assay_named_kernels {
    const struct assay_kernel **items;
    size_t count;
};

struct assay_executor {
    const struct assay_graph *graph;
    struct assay_executor_options options;
    struct assay_arena arena;
    struct assay_threads *threads;  /* NULL: the caller's alone */
    struct assay_network *networks; /* one for each subgraph; those that nobody calls are empty */
    struct assay_variable *variables;
    struct assay_adopted *adopted;
    struct assay_named_kernels named[ASSAY_OP_COUNT];
    struct assay_executor_memory memory;
    assay_executor_watch_fn *watch;
    void *watch_context;
    bool *half_asked;  /* whether any layer can take f16 activations */
    bool *named_taken; /* whether any layer has a kernel that the options ask for */
};

/* Fills executor->named by its options. False: no memory. */
bool assay_executor_find_named(struct assay_executor *executor);

/* From the subgraph to bound nodes. False: the error names the operator. */
bool assay_network_make(struct assay_executor *executor, struct assay_network *network, bool is_main,
                        struct assay_model_error *error);

/* Variable tensors as they were before the first run. */
void assay_network_reset(struct assay_network *network);

#endif
