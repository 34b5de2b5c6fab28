/* PAD: zeros around a tensor; of a quantized one, the real 0, which is its zero point. */
#include "models/ops/move.h"
#include "models/ops/operands.h"

#include <string.h>

struct padding {
    struct assay_move move;
    int64_t value;
};

static bool paddings(const struct assay_node *node, int32_t pads[2 * ASSAY_MAX_RANK], struct assay_model_error *error)
{
    const struct assay_shape *in = &node->in[0]->shape;
    size_t count;
    if (!assay_operands_integers(node, 1, "the paddings", 2 * ASSAY_MAX_RANK, pads, &count, error))
        return false;
    if (count != 2 * in->rank)
        return assay_op_fail(node, error, "%zu paddings for %zu dimensions", count, in->rank);
    return true;
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    int32_t pads[2 * ASSAY_MAX_RANK];
    if (!assay_op_counts(node, 2, 2, 1, error) || !paddings(node, pads, error))
        return false;
    const struct assay_value *in = node->in[0];
    struct assay_shape out = in->shape;
    for (size_t d = 0; d < out.rank; d++) {
        if (pads[2 * d] < 0 || pads[2 * d + 1] < 0)
            return assay_op_fail(node, error, "dimension %zu is padded by %d and %d", d, pads[2 * d], pads[2 * d + 1]);
        if (__builtin_add_overflow(out.dims[d], pads[2 * d], &out.dims[d]) ||
            __builtin_add_overflow(out.dims[d], pads[2 * d + 1], &out.dims[d]))
            return assay_op_fail(node, error, "dimension %zu of the output overflows", d);
    }
    if (in->tensor->quantization.count > 1)
        return assay_op_fail(node, error, "an input quantized per channel has no one zero");
    return assay_operands_move(node, 0, 0, &out, error);
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    int32_t pads[2 * ASSAY_MAX_RANK];
    struct padding *padding = node->state = assay_arena_take(arena, 1, sizeof(*padding));
    if (!padding)
        return assay_op_fail(node, error, "out of memory");
    if (!paddings(node, pads, error))
        return false;
    const struct assay_shape *in = &node->in[0]->shape, *out = &node->out[0]->shape;
    const enum assay_tensor_type type = node->in[0]->tensor->type;
    padding->move = assay_move_of(in, in, out, assay_tensor_type_size(type));
    for (size_t d = 0; d < in->rank; d++)
        padding->move.out_offset += pads[2 * d] * padding->move.out_step[d];
    assay_move_fold(&padding->move);
    if (type == ASSAY_TENSOR_I8 || type == ASSAY_TENSOR_U8)
        padding->value = assay_operands_zero(node->out[0]);
    return true;
}

static void run(struct assay_node *node)
{
    const struct padding *padding = node->state;
    const size_t bytes = assay_operands_bytes(node->out[0]);
    if (bytes == 0)
        return;
    /* Elements of one byte have that value; zeros of any type have none but zero bytes. */
    memset(node->out[0]->data, (int)padding->value, bytes);
    assay_move_run(&padding->move, node->in[0]->data, node->out[0]->data);
}

const struct assay_op_kind assay_op_PAD = {ASSAY_OPERATOR_PAD, .shape = shape, .prepare = prepare, .run = run};
