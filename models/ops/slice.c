/* SLICE: `size` elements from `begin` in each dimension; a size of -1 is all that remain. */
#include "models/ops/move.h"
#include "models/ops/operands.h"

/* Checked against the input; size -1 resolved. */
static bool region(const struct assay_node *node, int32_t begin[ASSAY_MAX_RANK], struct assay_shape *size,
                   struct assay_model_error *error)
{
    const struct assay_shape *in = &node->in[0]->shape;
    size_t begins;
    if (!assay_operands_integers(node, 1, "begin", ASSAY_MAX_RANK, begin, &begins, error) ||
        !assay_operands_integers(node, 2, "size", ASSAY_MAX_RANK, size->dims, &size->rank, error))
        return false;
    if (begins != in->rank || size->rank != in->rank)
        return assay_op_fail(node, error, "%zu begins and %zu sizes for %zu dimensions", begins, size->rank, in->rank);
    for (size_t d = 0; d < in->rank; d++) {
        const int32_t dim = in->dims[d];
        if (begin[d] < 0 || begin[d] > dim || size->dims[d] < -1 || size->dims[d] > dim - begin[d])
            return assay_op_fail(node, error, "dimension %zu has %d elements: it has no %d from %d", d, dim,
                                 size->dims[d], begin[d]);
        if (size->dims[d] == -1)
            size->dims[d] = dim - begin[d];
    }
    return true;
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    int32_t begin[ASSAY_MAX_RANK];
    struct assay_shape size;
    return assay_op_counts(node, 3, 3, 1, error) && region(node, begin, &size, error) &&
           assay_operands_move(node, 0, 0, &size, error);
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    int32_t begin[ASSAY_MAX_RANK];
    struct assay_shape size;
    struct assay_move *move = node->state = assay_arena_take(arena, 1, sizeof(*move));
    if (!move)
        return assay_op_fail(node, error, "out of memory");
    if (!region(node, begin, &size, error))
        return false;
    *move = assay_move_of(&size, &node->in[0]->shape, &size, assay_tensor_type_size(node->in[0]->tensor->type));
    for (size_t d = 0; d < size.rank; d++)
        move->in_offset += begin[d] * move->in_step[d];
    assay_move_fold(move);
    return true;
}

static void run(struct assay_node *node)
{
    assay_move_run(node->state, node->in[0]->data, node->out[0]->data);
}

const struct assay_op_kind assay_op_SLICE = {ASSAY_OPERATOR_SLICE, .shape = shape, .prepare = prepare, .run = run};
