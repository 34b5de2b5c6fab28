/* TRANSPOSE: dimension d of the output is dimension permutation[d] of the input. */
#include "models/ops/move.h"
#include "models/ops/operands.h"

static bool permutation(const struct assay_node *node, size_t order[ASSAY_MAX_RANK], struct assay_model_error *error)
{
    int32_t axes[ASSAY_MAX_RANK];
    size_t count;
    const size_t rank = node->in[0]->shape.rank;
    if (!assay_operands_integers(node, 1, "the permutation", ASSAY_MAX_RANK, axes, &count, error))
        return false;
    if (count != rank)
        return assay_op_fail(node, error, "a permutation of %zu dimensions for %zu", count, rank);
    bool taken[ASSAY_MAX_RANK] = {false};
    for (size_t d = 0; d < rank; d++) {
        if (!assay_operands_axis(node, axes[d], rank, &order[d], error))
            return false;
        if (taken[order[d]])
            return assay_op_fail(node, error, "the permutation has dimension %zu twice", order[d]);
        taken[order[d]] = true;
    }
    return true;
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    size_t order[ASSAY_MAX_RANK];
    if (!assay_op_counts(node, 2, 2, 1, error) || !permutation(node, order, error))
        return false;
    const struct assay_shape *in = &node->in[0]->shape;
    struct assay_shape out = {.rank = in->rank};
    for (size_t d = 0; d < in->rank; d++)
        out.dims[d] = in->dims[order[d]];
    return assay_operands_move(node, 0, 0, &out, error);
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    size_t order[ASSAY_MAX_RANK] = {0};
    struct assay_move *move = node->state = assay_arena_take(arena, 1, sizeof(*move));
    if (!move)
        return assay_op_fail(node, error, "out of memory");
    if (!permutation(node, order, error))
        return false;
    const struct assay_shape *in = &node->in[0]->shape, *out = &node->out[0]->shape;
    const size_t element = assay_tensor_type_size(node->in[0]->tensor->type);
    const struct assay_move from = assay_move_of(in, in, in, element);
    *move = assay_move_of(out, out, out, element);
    for (size_t d = 0; d < out->rank; d++)
        move->in_step[d] = from.in_step[order[d]];
    assay_move_fold(move);
    return true;
}

static void run(struct assay_node *node)
{
    assay_move_run(node->state, node->in[0]->data, node->out[0]->data);
}

const struct assay_op_kind assay_op_TRANSPOSE = {ASSAY_OPERATOR_TRANSPOSE, .shape = shape, .prepare = prepare,
                                                 .run = run};
