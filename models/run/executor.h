/* Running a network: shapes, memory, kernels, then its operators in order. */
#ifndef ASSAY_MODELS_RUN_EXECUTOR_H
#define ASSAY_MODELS_RUN_EXECUTOR_H

#include "kernels/core/kernel.h"
#include "models/ops/op.h"
#include "models/run/threads.h"

/* Which weights may be computed with as sparse ones (kernels/spmm), where that is expected to be faster. */
enum assay_sparse {
    ASSAY_SPARSE_ANY,     /* all that hold enough zeros */
    ASSAY_SPARSE_ENCODED, /* those that the file stores sparse */
    ASSAY_SPARSE_NEVER,   /* none, unless the option `kernel` names a kernel of spmm alone */
};

enum {
    ASSAY_MOST_THREADS = 1024,
    /* Bytes that kernels of plugins may read past the end of their input: activations have them behind. */
    ASSAY_PLUGIN_OVERREAD = 128,
};

struct assay_executor_options {
    uint64_t features;  /* of the CPU, for the choice of kernels */
    const char *kernel; /* NULL: the best; "ref": the scalar references; else a glob that the name of a layer's kernel
                           must match where one does (the best elsewhere) */
    /* Kernels of peers and vendors. A layer is computed by one only if `kernel` names it, or if it is of `origin`,
     * which is NULL or means: the best kernel of that origin where one computes the layer (the best of ours elsewhere).
     * Such a kernel computes a layer as a whole on one thread; weights of -128 are not given to it. */
    const struct assay_kernel *const *plugins; /* those of origin "assay" in it are left out */
    size_t plugin_count;
    const char *origin;
    size_t memory_limit; /* bytes for activations, packed weights and scratch together */
    size_t batch;        /* first dimension of the network's inputs; 0: as in the file */
    enum assay_sparse sparse;
    bool half; /* layers of f16 weights compute in mode fp16 in place of fp16w: their f32 input is converted to f16 and
                  their output back, which is part of their time; what exceeds 65504 becomes infinite. A network without
                  such a layer is refused */
    /* Threads that compute layers, the caller's included; 0 and 1: that one alone. What comes out is the same to
     * the bit for any number, but for values that kernels leave open (hybrid, of a NaN). `enter`, which may be NULL, is
     * called once on each of the others, with its number from 1 on, for them to be pinned. Operators without weights,
     * and layers of little work, take one. */
    size_t threads;
    void (*enter)(void *context, size_t thread);
    void *enter_context;
    /* In place of threads of its own, NULL: those of the caller, which outlive the executor. Networks that are run by
     * turns share them: idle threads wait by spinning, for a while, on cores that the others' want. */
    struct assay_threads *shared;
};

struct assay_executor_memory {
    size_t activation_bytes; /* of the one block that all activations share */
    size_t lower_bound;      /* the most that live tensors take at any one operator: no plan can do with less */
    size_t packed_bytes, scratch_bytes;
};

/* Makes everything ready to run. The graph must outlive it. NULL: the error says which operator, and why. */
struct assay_executor *assay_executor_make(const struct assay_graph *graph, struct assay_executor_options options,
                                           struct assay_model_error *error);
void assay_executor_free(struct assay_executor *executor);

/* The network's inputs and outputs, by position; their data may be written (read) between runs. Activations share their
 * memory with one another: a run may overwrite the inputs, which must be written anew before the next, and the next one
 * overwrites the outputs. */
struct assay_value *assay_executor_input(struct assay_executor *executor, size_t i);
const struct assay_value *assay_executor_output(const struct assay_executor *executor, size_t i);

void assay_executor_run(struct assay_executor *executor);

/* Called after each operator of assay_executor_run, for profiles and dumps; its inputs and outputs are valid during the
 * call. */
typedef void assay_executor_watch_fn(void *context, const struct assay_node *node, size_t index);
void assay_executor_watch(struct assay_executor *executor, assay_executor_watch_fn *watch, void *context);

/* Whether a run has nothing to do for an operator, by its index: constants decide its outputs. */
bool assay_executor_idle(const struct assay_executor *executor, size_t index);

/* Variables go back to what they were before the first run. */
void assay_executor_reset(struct assay_executor *executor);

struct assay_executor_memory assay_executor_memory(const struct assay_executor *executor);

/* For operators: the kernel for a layer by the executor's options; NULL with the reason in error. */
const struct assay_kernel *assay_executor_kernel(const struct assay_executor *executor,
                                                 const struct assay_problem *problem, struct assay_model_error *error);

/* The best kernel for a layer among those that the options `kernel` and `origin` ask for; NULL: none, or nothing was
 * asked for. */
const struct assay_kernel *assay_executor_named(const struct assay_executor *executor,
                                                const struct assay_problem *problem);

/* Has what the kernel of a plugin took for `packed` released with the executor. `scratch`, NULL or the arena's, is
 * where the scratch it was prepared with will be told. False: no memory. */
bool assay_executor_adopt(struct assay_executor *executor, const struct assay_kernel *kernel, void *packed,
                          void *const *scratch);

size_t assay_executor_threads(const struct assay_executor *executor);
/* task(context, i) for each i below `count`, on these threads; returns when all are done. */
void assay_executor_parallel(struct assay_executor *executor, void (*task)(void *context, size_t i), void *context,
                             size_t count);

/* Whether a layer of f16 weights, which asks, is to take f16 activations. */
bool assay_executor_half(const struct assay_executor *executor);
enum assay_sparse assay_executor_sparse(const struct assay_executor *executor);

/* For VAR_HANDLE and its users: the storage of a variable, by the handle's container and name; it is made, zeroed, by
 * whoever first asks for it, in prepare(). NULL: over the memory limit, or asked for with another size than before.
 * What prepare() writes there is what the first run finds, and each first run after a reset: ASSIGN_VARIABLE fills it
 * with the zero point of what it assigns, as TFLite Micro does. */
void *assay_executor_variable(struct assay_executor *executor, const char *container, const char *name, size_t bytes);

/* For CALL_ONCE: runs a subgraph unless it has run since the executor was made or reset. */
void assay_executor_call_once(struct assay_executor *executor, int32_t subgraph);

#endif
