/* RESHAPE, SQUEEZE, EXPAND_DIMS: another shape for the same elements in the same order. */
#include "models/ops/operands.h"

#include <string.h>

/* A constant shape was written for the batch of the file. Where the executor was asked for another (the input's first
 * dimension is a multiple of the file's, the others are as they were), and the new shape keeps the batch in front, it
 * grows with it. */
static void follow_batch(const struct assay_value *in, struct assay_shape *shape)
{
    const struct assay_shape *file = &in->tensor->shape, *now = &in->shape;
    if (file->rank == 0 || file->rank != now->rank || shape->rank == 0 || shape->dims[0] != file->dims[0] ||
        file->dims[0] <= 0 || now->dims[0] % file->dims[0] != 0 ||
        memcmp(file->dims + 1, now->dims + 1, (file->rank - 1) * sizeof(file->dims[0])) != 0)
        return;
    shape->dims[0] = now->dims[0];
}

static bool reshape_shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_counts(node, 1, 2, 1, error))
        return false;
    struct assay_shape shape = node->op->reshape.shape;
    if (node->op->input_count == 2 && node->in[1] && node->in[1]->tensor->data) {
        if (!assay_operands_integers(node, 1, "the new shape", ASSAY_MAX_RANK, shape.dims, &shape.rank, error))
            return false;
    } else if (!node->op->reshape.given) {
        return assay_op_fail(node, error, "the new shape must be an option or a constant");
    }
    if (shape.rank > ASSAY_MAX_RANK)
        return assay_op_fail(node, error, "%zu dimensions, at most %d are supported", shape.rank, ASSAY_MAX_RANK);
    follow_batch(node->in[0], &shape);
    size_t known = 1, unknown = SIZE_MAX;
    for (size_t d = 0; d < shape.rank; d++) {
        if (shape.dims[d] == -1 && unknown == SIZE_MAX)
            unknown = d;
        else if (shape.dims[d] < 0)
            return assay_op_fail(node, error, "dimension %zu of the new shape is %d%s", d, shape.dims[d],
                                 shape.dims[d] == -1 ? ", for the second time" : "");
        else if (__builtin_mul_overflow(known, (size_t)shape.dims[d], &known))
            return assay_op_fail(node, error, "the new shape is larger than memory can be");
    }
    const size_t count = assay_op_elements(node->in[0]);
    if (unknown != SIZE_MAX) {
        if (known == 0 || count % known != 0 || count / known > INT32_MAX)
            return assay_op_fail(node, error, "%zu elements cannot be split into parts of %zu", count, known);
        shape.dims[unknown] = (int32_t)(count / known);
    } else if (known != count) {
        return assay_op_fail(node, error, "the input has %zu elements, the new shape %zu", count, known);
    }
    return assay_operands_move(node, 0, 0, &shape, error);
}

static bool squeeze_shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_counts(node, 1, 1, 1, error))
        return false;
    const struct assay_shape *in = &node->in[0]->shape, *axes = &node->op->reshape.shape;
    bool goes[ASSAY_MAX_RANK] = {false};
    if (axes->rank > ASSAY_MAX_RANK)
        return assay_op_fail(node, error, "%zu axes, at most %d are supported", axes->rank, ASSAY_MAX_RANK);
    for (size_t i = 0; i < axes->rank; i++) {
        size_t axis;
        if (!assay_operands_axis(node, axes->dims[i], in->rank, &axis, error))
            return false;
        if (in->dims[axis] != 1)
            return assay_op_fail(node, error, "dimension %zu is %d, not 1", axis, in->dims[axis]);
        goes[axis] = true;
    }
    struct assay_shape shape = {0};
    for (size_t d = 0; d < in->rank; d++) {
        if (axes->rank > 0 ? !goes[d] : in->dims[d] != 1)
            shape.dims[shape.rank++] = in->dims[d];
    }
    return assay_operands_move(node, 0, 0, &shape, error);
}

static bool expand_dims_shape(struct assay_node *node, struct assay_model_error *error)
{
    int32_t option;
    size_t count, axis;
    if (!assay_op_counts(node, 2, 2, 1, error) ||
        !assay_operands_integers(node, 1, "the axis", 1, &option, &count, error))
        return false;
    if (count != 1)
        return assay_op_fail(node, error, "the axis is missing");
    const struct assay_shape *in = &node->in[0]->shape;
    if (in->rank >= ASSAY_MAX_RANK)
        return assay_op_fail(node, error, "the output would have more than %d dimensions", ASSAY_MAX_RANK);
    if (!assay_operands_axis(node, option, in->rank + 1, &axis, error))
        return false;
    struct assay_shape shape = {.rank = in->rank + 1};
    for (size_t d = 0; d < shape.rank; d++)
        shape.dims[d] = d == axis ? 1 : in->dims[d < axis ? d : d - 1];
    return assay_operands_move(node, 0, 0, &shape, error);
}

/* Where both have the same memory, as the plan has it where it can, there is nothing to do. */
static void copy_run(struct assay_node *node)
{
    const size_t bytes = assay_operands_bytes(node->out[0]);
    if (bytes > 0 && node->out[0]->data != node->in[0]->data)
        memcpy(node->out[0]->data, node->in[0]->data, bytes);
}

const struct assay_op_kind assay_op_RESHAPE = {ASSAY_OPERATOR_RESHAPE, .shape = reshape_shape, .run = copy_run,
                                               .renames = true};
const struct assay_op_kind assay_op_SQUEEZE = {ASSAY_OPERATOR_SQUEEZE, .shape = squeeze_shape, .run = copy_run,
                                               .renames = true};
const struct assay_op_kind assay_op_EXPAND_DIMS = {ASSAY_OPERATOR_EXPAND_DIMS, .shape = expand_dims_shape,
                                                   .run = copy_run, .renames = true};
