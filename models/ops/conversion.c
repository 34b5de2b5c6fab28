#include "models/ops/conversion.h"

#include "models/run/executor.h"

bool assay_op_conversion_prepare(struct assay_node *node, struct assay_op_conversion *c,
                                 enum assay_conversion conversion, struct assay_quantization quantization,
                                 const int32_t *multiplier, const int32_t *shift, struct assay_arena *arena,
                                 struct assay_model_error *error)
{
    const size_t count = assay_op_elements(node->out[0]);
    if (count == 0)
        return true;
    c->problem = (struct assay_problem){.op = ASSAY_OP_QUANTIZE,
                                        .mode = assay_conversion_mode(conversion),
                                        .quantization = quantization,
                                        .quantize = {conversion, 1, count, count, count}};
    c->kernel = assay_executor_kernel(node->executor, &c->problem, error);
    if (!c->kernel)
        return false;
    c->packed = assay_arena_take(arena, c->kernel->packed_size(c->kernel, &c->problem), 1);
    const struct assay_weights weights = {.multiplier = multiplier, .shift = shift};
    if (!c->packed || !c->kernel->pack(c->kernel, &c->problem, &weights, c->packed))
        return assay_op_fail(node, error, "%s has no memory", c->kernel->name);
    node->scratch_bytes = c->kernel->scratch_size ? c->kernel->scratch_size(c->kernel, &c->problem) : 0;
    node->keeps_scratch = c->kernel->prepare != NULL;
    node->kernel = c->kernel->name;
    return true;
}

static struct assay_io io_of(const struct assay_node *node)
{
    return (struct assay_io){.in = node->in[0]->data, .out = node->out[0]->data};
}

bool assay_op_conversion_bind(struct assay_node *node, const struct assay_op_conversion *c,
                              struct assay_model_error *error)
{
    const struct assay_io io = io_of(node);
    if (c->kernel && c->kernel->prepare && !c->kernel->prepare(c->kernel, &c->problem, c->packed, &io, node->scratch))
        return assay_op_fail(node, error, "%s failed to prepare", c->kernel->name);
    return true;
}

void assay_op_conversion_run(struct assay_node *node, const struct assay_op_conversion *c)
{
    const struct assay_io io = io_of(node);
    c->kernel->run(c->kernel, &c->problem, c->packed, &io, node->scratch);
}
