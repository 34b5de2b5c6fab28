/* GATHER: slices of the input along `axis`, by positions (i32, i64): with b = batch_dims,
 *   out[batch…][outer…][position…][inner…] = in[batch…][outer…][positions[batch…][position…]][inner…]
 * where batch is the first b dimensions of both, outer those of the input from b to the axis, inner those behind it.
 * TFLite leaves positions outside of the axis undefined, and so reads outside of the input. Here constant ones are
 * refused, and computed ones give a slice of zero bytes; negative ones do not count from the end. */
#include "models/ops/operands.h"

#include <string.h>

struct gather {
    size_t batches, outers, positions, axis, slice; /* slice: bytes */
};

static bool dimensions(const struct assay_node *node, size_t *axis, size_t *batch, struct assay_model_error *error)
{
    const struct assay_shape *in = &node->in[0]->shape, *at = &node->in[1]->shape;
    const int32_t option = node->op->axis.batch_dims;
    const int64_t dims = option < 0 ? (int64_t)option + (int64_t)at->rank : option;
    if (!assay_operands_axis(node, node->op->axis.axis, in->rank, axis, error))
        return false;
    if (dims < 0 || dims > (int64_t)at->rank || dims > (int64_t)*axis)
        return assay_op_fail(node, error, "%d batch dimensions of %zu, axis %zu", option, at->rank, *axis);
    *batch = (size_t)dims;
    for (size_t d = 0; d < *batch; d++) {
        if (in->dims[d] != at->dims[d])
            return assay_op_fail(node, error, "batch dimension %zu is %d in the input, %d in the positions", d,
                                 in->dims[d], at->dims[d]);
    }
    return true;
}

static int64_t position(const struct assay_value *positions, const void *data, size_t i)
{
    if (positions->tensor->type == ASSAY_TENSOR_I64) {
        int64_t wide;
        memcpy(&wide, (const char *)data + i * sizeof(wide), sizeof(wide));
        return wide;
    }
    int32_t narrow;
    memcpy(&narrow, (const char *)data + i * sizeof(narrow), sizeof(narrow));
    return narrow;
}

static bool check_positions(const struct assay_node *node, size_t axis, struct assay_model_error *error)
{
    const struct assay_tensor *positions = node->in[1]->tensor;
    if (positions->type != ASSAY_TENSOR_I32 && positions->type != ASSAY_TENSOR_I64)
        return assay_op_fail(node, error, "positions must be i32 or i64, and are %s",
                             assay_tensor_type_name(positions->type));
    if (!positions->data)
        return true;
    const size_t count = assay_op_elements(node->in[1]);
    if (positions->sparsity || count > positions->bytes / assay_tensor_type_size(positions->type))
        return assay_op_fail(node, error, "the positions have fewer elements than their shape says");
    const int32_t dim = node->in[0]->shape.dims[axis];
    for (size_t i = 0; i < count; i++) {
        const int64_t p = position(node->in[1], positions->data, i);
        if (p < 0 || p >= dim)
            return assay_op_fail(node, error, "position %zu is %lld, dimension %zu has %d", i, (long long)p, axis, dim);
    }
    return true;
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    size_t axis, batch;
    if (!assay_op_counts(node, 2, 2, 1, error) || !dimensions(node, &axis, &batch, error) ||
        !check_positions(node, axis, error))
        return false;
    const struct assay_shape *in = &node->in[0]->shape, *at = &node->in[1]->shape;
    struct assay_shape out = {0};
    for (size_t d = 0; d < axis; d++)
        out.dims[out.rank++] = in->dims[d];
    for (size_t d = batch; d < at->rank; d++) {
        if (!assay_operands_append(node, &out, at->dims[d], error))
            return false;
    }
    for (size_t d = axis + 1; d < in->rank; d++) {
        if (!assay_operands_append(node, &out, in->dims[d], error))
            return false;
    }
    return assay_operands_move(node, 0, 0, &out, error);
}

static size_t product(const struct assay_shape *shape, size_t from, size_t to)
{
    size_t count = 1;
    for (size_t d = from; d < to; d++)
        count *= (size_t)shape->dims[d];
    return count;
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    size_t axis, batch;
    struct gather *gather = node->state = assay_arena_take(arena, 1, sizeof(*gather));
    if (!gather)
        return assay_op_fail(node, error, "out of memory");
    if (!dimensions(node, &axis, &batch, error))
        return false;
    if (assay_op_elements(node->out[0]) == 0)
        return true; /* no batches: nothing to do, whatever the other dimensions multiply to */
    const struct assay_shape *in = &node->in[0]->shape, *at = &node->in[1]->shape;
    *gather = (struct gather){
        .batches = product(in, 0, batch),
        .outers = product(in, batch, axis),
        .positions = product(at, batch, at->rank),
        .axis = (size_t)in->dims[axis],
        .slice = product(in, axis + 1, in->rank) * assay_tensor_type_size(node->in[0]->tensor->type),
    };
    return true;
}

static void run(struct assay_node *node)
{
    const struct gather *g = node->state;
    const char *in = node->in[0]->data;
    char *out = node->out[0]->data;
    for (size_t outer = 0; outer < g->batches * g->outers; outer++) {
        const size_t batch = outer / g->outers;
        for (size_t i = 0; i < g->positions; i++, out += g->slice) {
            const int64_t p = position(node->in[1], node->in[1]->data, batch * g->positions + i);
            if (p >= 0 && (uint64_t)p < g->axis)
                memcpy(out, in + (outer * g->axis + (size_t)p) * g->slice, g->slice);
            else
                memset(out, 0, g->slice);
        }
    }
}

const struct assay_op_kind assay_op_GATHER = {ASSAY_OPERATOR_GATHER, .shape = shape, .prepare = prepare, .run = run};
