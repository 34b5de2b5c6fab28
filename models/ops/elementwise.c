#include "models/ops/elementwise.h"

#include "models/ops/check.h"

bool assay_elementwise_shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_counts(node, 2, 2, 1, error) ||
        !assay_op_same_types(node, ASSAY_TYPES_MATH | ASSAY_TYPE_BIT(I32), error) ||
        !assay_op_all_quantized(node, error) || !assay_op_fused_range(node, error))
        return false;
    if (node->in[0]->tensor->type == ASSAY_TENSOR_I32 && node->op->fused != ASSAY_FUSED_NONE)
        return assay_op_fail(node, error, "an activation is not supported for i32");
    if (!assay_broadcast_shape(&node->in[0]->shape, &node->in[1]->shape, &node->out[0]->shape))
        return assay_op_fail(node, error, "the shapes of the inputs cannot be broadcast to each other");
    size_t count;
    if (!assay_shape_count(&node->out[0]->shape, &count))
        return assay_op_fail(node, error, "the broadcast output is too large");
    return true;
}

static assay_broadcast_row *row_of(const struct assay_elementwise_rows *rows, enum assay_tensor_type type)
{
    switch (type) {
    case ASSAY_TENSOR_I8:
        return rows->i8;
    case ASSAY_TENSOR_I16:
        return rows->i16;
    case ASSAY_TENSOR_I32:
        return rows->i32;
    default:
        return rows->f32;
    }
}

void assay_elementwise_run(const struct assay_node *node, const struct assay_elementwise_rows *rows,
                           const void *context)
{
    const struct assay_broadcast plan = assay_broadcast_plan(&node->in[0]->shape, &node->in[1]->shape);
    const enum assay_tensor_type type = node->in[0]->tensor->type;
    const size_t size = assay_tensor_type_size(type);
    assay_broadcast_run(&plan, row_of(rows, type), context, node->in[0]->data, node->in[1]->data, size,
                        node->out[0]->data, size);
}
