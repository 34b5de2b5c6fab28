/* SPLIT: an axis into equal parts. SPLIT_V: into parts of given sizes, of which one may be -1, which is the rest. */
#include "models/ops/move.h"
#include "models/ops/operands.h"

/* Which input is what, in either operator. */
enum { SPLIT_AXIS = 0, SPLIT_DATA = 1, SPLIT_V_DATA = 0, SPLIT_V_SIZES = 1, SPLIT_V_AXIS = 2 };

static const struct assay_value *data(const struct assay_node *node)
{
    return node->in[node->op->code == ASSAY_OPERATOR_SPLIT ? SPLIT_DATA : SPLIT_V_DATA];
}

static bool split_axis(const struct assay_node *node, size_t *axis, struct assay_model_error *error)
{
    int32_t option;
    size_t count;
    const size_t input = node->op->code == ASSAY_OPERATOR_SPLIT ? SPLIT_AXIS : SPLIT_V_AXIS;
    if (!assay_operands_integers(node, input, "the axis", 1, &option, &count, error))
        return false;
    if (count != 1)
        return assay_op_fail(node, error, "the axis is missing");
    return assay_operands_axis(node, option, data(node)->shape.rank, axis, error);
}

static bool set_part(const struct assay_node *node, size_t i, size_t axis, int32_t size,
                     struct assay_model_error *error)
{
    struct assay_shape part = data(node)->shape;
    part.dims[axis] = size;
    return assay_operands_move(node, node->op->code == ASSAY_OPERATOR_SPLIT ? SPLIT_DATA : SPLIT_V_DATA, i, &part,
                               error);
}

static bool split_shape(struct assay_node *node, struct assay_model_error *error)
{
    size_t axis;
    const size_t parts = node->op->output_count;
    if (!assay_op_counts(node, 2, 2, parts, error) || !split_axis(node, &axis, error))
        return false;
    const int32_t dim = data(node)->shape.dims[axis];
    if (parts == 0 || node->op->split.count < 0 || (size_t)node->op->split.count != parts)
        return assay_op_fail(node, error, "splits into %d, and has %zu outputs", node->op->split.count, parts);
    if ((size_t)dim % parts != 0)
        return assay_op_fail(node, error, "dimension %zu is %d, which is not a multiple of %zu", axis, dim, parts);
    for (size_t i = 0; i < parts; i++) {
        if (!set_part(node, i, axis, (int32_t)((size_t)dim / parts), error))
            return false;
    }
    return true;
}

static bool split_v_shape(struct assay_node *node, struct assay_model_error *error)
{
    enum { MOST_PARTS = 4096 };
    int32_t sizes[MOST_PARTS];
    size_t axis, count, rest = SIZE_MAX;
    const size_t parts = node->op->output_count;
    if (!assay_op_counts(node, 3, 3, parts, error) || !split_axis(node, &axis, error) ||
        !assay_operands_integers(node, SPLIT_V_SIZES, "the sizes", MOST_PARTS, sizes, &count, error))
        return false;
    const int32_t dim = data(node)->shape.dims[axis];
    if (count != parts || parts == 0)
        return assay_op_fail(node, error, "%zu sizes for %zu outputs", count, parts);
    int64_t sum = 0;
    for (size_t i = 0; i < parts; i++) {
        if (sizes[i] == -1 && rest == SIZE_MAX)
            rest = i;
        else if (sizes[i] < 0)
            return assay_op_fail(node, error, "size %zu is %d%s", i, sizes[i],
                                 sizes[i] == -1 ? ", for the second time" : "");
        else
            sum += sizes[i];
    }
    if (rest == SIZE_MAX ? sum != dim : sum > dim)
        return assay_op_fail(node, error, "the sizes add up to %lld, dimension %zu is %d", (long long)sum, axis, dim);
    if (rest != SIZE_MAX)
        sizes[rest] = (int32_t)(dim - sum);
    for (size_t i = 0; i < parts; i++) {
        if (!set_part(node, i, axis, sizes[i], error))
            return false;
    }
    return true;
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    struct assay_move *moves = node->state = assay_arena_take(arena, node->op->output_count, sizeof(*moves));
    if (!moves)
        return assay_op_fail(node, error, "out of memory");
    const struct assay_shape *in = &data(node)->shape;
    const size_t element = assay_tensor_type_size(data(node)->tensor->type);
    size_t axis, position = 0;
    if (!split_axis(node, &axis, error))
        return false;
    for (size_t i = 0; i < node->op->output_count; i++) {
        const struct assay_shape *out = &node->out[i]->shape;
        moves[i] = assay_move_of(out, in, out, element);
        moves[i].in_offset = (ptrdiff_t)position * moves[i].in_step[axis];
        assay_move_fold(&moves[i]);
        position += (size_t)out->dims[axis];
    }
    return true;
}

static void run(struct assay_node *node)
{
    const struct assay_move *moves = node->state;
    for (size_t i = 0; i < node->op->output_count; i++)
        assay_move_run(&moves[i], data(node)->data, node->out[i]->data);
}

const struct assay_op_kind assay_op_SPLIT = {ASSAY_OPERATOR_SPLIT, .shape = split_shape, .prepare = prepare,
                                             .run = run};
const struct assay_op_kind assay_op_SPLIT_V = {ASSAY_OPERATOR_SPLIT_V, .shape = split_v_shape, .prepare = prepare,
                                               .run = run};
