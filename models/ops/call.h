/* An operator that one kernel of kernels/ computes as it stands: from its inputs to its output. */
#ifndef ASSAY_MODELS_OPS_CALL_H
#define ASSAY_MODELS_OPS_CALL_H

#include "kernels/core/kernel.h"
#include "models/ops/operands.h"

struct assay_op_call {
    const struct assay_kernel *kernel; /* NULL: none was asked for */
    struct assay_problem problem;
    void *packed;
};

/* Chooses a kernel for the problem and packs the weights; scratch is asked for. */
bool assay_op_call_prepare(struct assay_node *node, struct assay_op_call *call, const struct assay_problem *problem,
                           const struct assay_weights *weights, struct assay_arena *arena,
                           struct assay_model_error *error);
bool assay_op_call_bind(struct assay_node *node, const struct assay_op_call *call, struct assay_model_error *error);
void assay_op_call_run(struct assay_node *node, const struct assay_op_call *call);

#endif
