#include "models/ops/call.h"

#include "models/run/executor.h"

bool assay_op_call_prepare(struct assay_node *node, struct assay_op_call *call, const struct assay_problem *problem,
                           const struct assay_weights *weights, struct assay_arena *arena,
                           struct assay_model_error *error)
{
    call->problem = *problem;
    call->kernel = assay_executor_kernel(node->executor, problem, error);
    if (!call->kernel)
        return false;
    call->packed = assay_arena_take(arena, call->kernel->packed_size(call->kernel, problem), 1);
    if (!call->packed || !call->kernel->pack(call->kernel, problem, weights, call->packed) ||
        (call->kernel->release &&
         !assay_executor_adopt(node->executor, call->kernel, call->packed, (void *const *)&node->scratch)))
        return assay_op_fail(node, error, "%s cannot be packed", call->kernel->name);
    node->scratch_bytes = call->kernel->scratch_size ? call->kernel->scratch_size(call->kernel, problem) : 0;
    node->keeps_scratch = call->kernel->prepare != NULL;
    node->kernel = call->kernel->name;
    node->origin = call->kernel->origin;
    node->problem = &call->problem;
    return true;
}

static struct assay_io io_of(const struct assay_node *node)
{
    const bool two = node->op->input_count > 1;
    return (struct assay_io){
        .in = node->in[0]->data, .out = node->out[0]->data, .addend = two ? node->in[1]->data : NULL};
}

bool assay_op_call_bind(struct assay_node *node, const struct assay_op_call *call, struct assay_model_error *error)
{
    const struct assay_io io = io_of(node);
    if (call->kernel && call->kernel->prepare &&
        !call->kernel->prepare(call->kernel, &call->problem, call->packed, &io, node->scratch))
        return assay_op_fail(node, error, "%s failed to prepare", call->kernel->name);
    return true;
}

void assay_op_call_run(struct assay_node *node, const struct assay_op_call *call)
{
    const struct assay_io io = io_of(node);
    call->kernel->run(call->kernel, &call->problem, call->packed, &io, node->scratch);
}
