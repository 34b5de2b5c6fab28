/* How an operator of a graph is computed. One file an operator (or a family of them) in models/ops/ fills a descriptor;
 * the executor (models/run) knows nothing else of it.
 *
 * The life of a node:
 *   shape    check types, shapes, quantization; set the shapes of the outputs. In the order of execution, before memory
 * exists. prepare  what constants allow: multipliers, packed weights, tables; says how much scratch run needs. bind
 * once every pointer is final (kernels' prepare); again only if one changes. run      compute. Cannot fail. An operator
 * checks everything it relies on in shape(): a graph is well-formed, but may still ask for what no operator does.
 * Integer operators give, to the bit, what the TFLite (Micro) reference kernels give. */
#ifndef ASSAY_MODELS_OPS_OP_H
#define ASSAY_MODELS_OPS_OP_H

#include "models/graph/graph.h"

/* A tensor as it is in this execution. */
struct assay_value {
    const struct assay_tensor *tensor;
    struct assay_shape shape;
    void *data; /* of a constant: the graph's own, never written. NULL until memory is planned */
    const struct assay_operator *handle; /* of a resource: the VAR_HANDLE that made it, which sets it in shape() */
    /* The constant f16 tensor that DEQUANTIZE would expand to this one, for layers that compute with f16 weights; data
     * is NULL then, and the DEQUANTIZE is not run. Set by the executor, where nobody needs the floats. */
    const struct assay_value *halves;
    /* The sparse constant that DENSIFY would decode to this one, for layers, which decode or keep it as they need; data
     * is NULL then, and the DENSIFY is not run. Set by the executor, where nobody else needs the values. */
    const struct assay_value *sparse;
};

struct assay_problem;  /* kernels/core/problem.h */
struct assay_executor; /* models/run/executor.h */

struct assay_node {
    const struct assay_operator *op;
    struct assay_value **in, **out; /* op->input_count and op->output_count; an absent optional input is NULL */
    void *state;                    /* prepare's own, in the executor's arena */
    size_t scratch_bytes;           /* set by prepare */
    void *scratch; /* aligned to 64, valid in bind and run. Shared with other nodes, so that nothing stays in it … */
    bool keeps_scratch;                  /* … unless prepare sets this: then it is this node's alone */
    const char *kernel, *origin;         /* set by prepare: the kernel that computes it, if it is one, whose it is … */
    const struct assay_problem *problem; /* … and what it computes */
    struct assay_executor *executor;     /* for variables, subgraphs, and the choice of kernels */
};

struct assay_op_kind {
    enum assay_operator_code code;
    bool (*shape)(struct assay_node *node, struct assay_model_error *error);
    /* NULL: nothing to prepare, nothing to bind. */
    bool (*prepare)(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error);
    bool (*bind)(struct assay_node *node, struct assay_model_error *error);
    void (*run)(struct assay_node *node);
    bool renames; /* the output holds the input's bytes: it may be the input's memory, and then run has nothing to do */
};

/* The descriptor of an operator; NULL: nobody computes it. */
const struct assay_op_kind *assay_op_kind(enum assay_operator_code code);

#endif
