/* CONCATENATION along one axis. int8 tensors must share one quantization, as TFLite demands; int16 ones have zero point
 * 0, and are copied as they are, as its reference does. */
#include "models/ops/move.h"
#include "models/ops/operands.h"

static bool check_input(const struct assay_node *node, size_t i, size_t axis, struct assay_model_error *error)
{
    if (!node->in[i])
        return assay_op_fail(node, error, "input %zu is absent", i);
    const struct assay_value *first = node->in[0], *in = node->in[i], *out = node->out[0];
    if (in->tensor->type != first->tensor->type)
        return assay_op_fail(node, error, "input %zu is %s, input 0 is %s", i, assay_tensor_type_name(in->tensor->type),
                             assay_tensor_type_name(first->tensor->type));
    if (in->tensor->sparsity)
        return assay_op_fail(node, error, "input %zu is sparse: it needs a DENSIFY before it", i);
    if (in->shape.rank != first->shape.rank)
        return assay_op_fail(node, error, "input %zu has %zu dimensions, input 0 has %zu", i, in->shape.rank,
                             first->shape.rank);
    for (size_t d = 0; d < in->shape.rank; d++) {
        if (d != axis && in->shape.dims[d] != first->shape.dims[d])
            return assay_op_fail(node, error, "dimension %zu of input %zu is %d, that of input 0 is %d", d, i,
                                 in->shape.dims[d], first->shape.dims[d]);
    }
    const enum assay_tensor_type type = in->tensor->type;
    if ((type == ASSAY_TENSOR_I8 || type == ASSAY_TENSOR_U8) && !assay_operands_same_quantization(in, out))
        return assay_op_fail(node, error, "input %zu has another quantization than the output", i);
    if (type == ASSAY_TENSOR_I16 && (assay_operands_zero(in) != 0 || assay_operands_zero(out) != 0))
        return assay_op_fail(node, error, "an i16 tensor has a zero point that is not 0");
    return true;
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    size_t axis;
    if (!assay_op_counts(node, 1, SIZE_MAX, 1, error))
        return false;
    if (node->op->fused != ASSAY_FUSED_NONE)
        return assay_op_fail(node, error, "a fused activation is not supported");
    struct assay_shape out = node->in[0]->shape;
    if (!assay_operands_axis(node, node->op->axis.axis, out.rank, &axis, error))
        return false;
    out.dims[axis] = 0;
    for (size_t i = 0; i < node->op->input_count; i++) {
        if (!check_input(node, i, axis, error))
            return false;
        if (__builtin_add_overflow(out.dims[axis], node->in[i]->shape.dims[axis], &out.dims[axis]))
            return assay_op_fail(node, error, "dimension %zu of the output overflows", axis);
    }
    return assay_operands_move(node, 0, 0, &out, error);
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    struct assay_move *moves = node->state = assay_arena_take(arena, node->op->input_count, sizeof(*moves));
    if (!moves)
        return assay_op_fail(node, error, "out of memory");
    const struct assay_shape *out = &node->out[0]->shape;
    const size_t element = assay_tensor_type_size(node->out[0]->tensor->type);
    size_t axis, position = 0;
    if (!assay_operands_axis(node, node->op->axis.axis, out->rank, &axis, error))
        return false;
    for (size_t i = 0; i < node->op->input_count; i++) {
        const struct assay_shape *in = &node->in[i]->shape;
        moves[i] = assay_move_of(in, in, out, element);
        moves[i].out_offset = (ptrdiff_t)position * moves[i].out_step[axis];
        assay_move_fold(&moves[i]);
        position += (size_t)in->dims[axis];
    }
    return true;
}

static void run(struct assay_node *node)
{
    const struct assay_move *moves = node->state;
    for (size_t i = 0; i < node->op->input_count; i++)
        assay_move_run(&moves[i], node->in[i]->data, node->out[0]->data);
}

const struct assay_op_kind assay_op_CONCATENATION = {ASSAY_OPERATOR_CONCATENATION, .shape = shape, .prepare = prepare,
                                                     .run = run};
