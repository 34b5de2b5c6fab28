#include "models/ops/operands.h"

#include <string.h>

bool assay_operands_integers(const struct assay_node *node, size_t i, const char *what, size_t limit, int32_t *values,
                             size_t *count, struct assay_model_error *error)
{
    const struct assay_tensor *tensor = node->in[i]->tensor;
    if (!tensor->data)
        return assay_op_fail(node, error, "%s (input %zu) must be a constant", what, i);
    if (tensor->sparsity)
        return assay_op_fail(node, error, "%s (input %zu) must be dense", what, i);
    if (tensor->type != ASSAY_TENSOR_I32 && tensor->type != ASSAY_TENSOR_I64)
        return assay_op_fail(node, error, "%s must be i32 or i64, and is %s", what,
                             assay_tensor_type_name(tensor->type));
    const size_t size = assay_tensor_type_size(tensor->type);
    size_t n;
    if (!assay_shape_count(&tensor->shape, &n) || n > tensor->bytes / size)
        return assay_op_fail(node, error, "%s has fewer elements than its shape says", what);
    if (n > limit)
        return assay_op_fail(node, error, "%s has %zu elements, at most %zu are taken", what, n, limit);
    const char *data = tensor->data;
    for (size_t k = 0; k < n; k++) {
        int64_t wide = 0;
        if (tensor->type == ASSAY_TENSOR_I64) {
            memcpy(&wide, data + k * size, size);
        } else {
            int32_t narrow;
            memcpy(&narrow, data + k * size, size);
            wide = narrow;
        }
        if (wide < INT32_MIN || wide > INT32_MAX)
            return assay_op_fail(node, error, "%s has %lld, which no 32 bits hold", what, (long long)wide);
        values[k] = (int32_t)wide;
    }
    *count = n;
    return true;
}

bool assay_operands_axis(const struct assay_node *node, int32_t axis, size_t rank, size_t *result,
                         struct assay_model_error *error)
{
    const int64_t positive = axis < 0 ? (int64_t)axis + (int64_t)rank : axis;
    if (positive < 0 || positive >= (int64_t)rank)
        return assay_op_fail(node, error, "axis %d of %zu dimensions", axis, rank);
    *result = (size_t)positive;
    return true;
}

bool assay_operands_move(const struct assay_node *node, size_t from, size_t i, const struct assay_shape *shape,
                         struct assay_model_error *error)
{
    const struct assay_tensor *in = node->in[from]->tensor, *out = node->out[i]->tensor;
    if (in->type != out->type)
        return assay_op_fail(node, error, "input is %s, output %s", assay_tensor_type_name(in->type),
                             assay_tensor_type_name(out->type));
    if (assay_tensor_type_size(in->type) == 0)
        return assay_op_fail(node, error, "cannot move a %s", assay_tensor_type_name(in->type));
    if (in->sparsity)
        return assay_op_fail(node, error, "input is sparse: it needs a DENSIFY before it");
    return assay_operands_shape(node, i, shape, error);
}

bool assay_operands_shape(const struct assay_node *node, size_t i, const struct assay_shape *shape,
                          struct assay_model_error *error)
{
    size_t count, bytes;
    if (shape->rank > ASSAY_MAX_RANK)
        return assay_op_fail(node, error, "an output of %zu dimensions, at most %d are supported", shape->rank,
                             ASSAY_MAX_RANK);
    for (size_t d = 0; d < shape->rank; d++) {
        if (shape->dims[d] < 0)
            return assay_op_fail(node, error, "dimension %zu of the output would be %d", d, shape->dims[d]);
    }
    if (!assay_shape_count(shape, &count) ||
        __builtin_mul_overflow(count, assay_tensor_type_size(node->out[i]->tensor->type), &bytes) ||
        bytes > PTRDIFF_MAX)
        return assay_op_fail(node, error, "the output is larger than memory can be");
    node->out[i]->shape = *shape;
    return true;
}

bool assay_operands_append(const struct assay_node *node, struct assay_shape *shape, int32_t dim,
                           struct assay_model_error *error)
{
    if (shape->rank >= ASSAY_MAX_RANK)
        return assay_op_fail(node, error, "the output would have more than %d dimensions", ASSAY_MAX_RANK);
    shape->dims[shape->rank++] = dim;
    return true;
}

size_t assay_operands_bytes(const struct assay_value *value)
{
    return assay_op_elements(value) * assay_tensor_type_size(value->tensor->type);
}

int64_t assay_operands_zero(const struct assay_value *value)
{
    const struct assay_tensor_quantization *q = &value->tensor->quantization;
    return q->count > 0 && q->zero ? q->zero[0] : 0;
}

bool assay_operands_same_quantization(const struct assay_value *a, const struct assay_value *b)
{
    const struct assay_tensor_quantization *p = &a->tensor->quantization, *q = &b->tensor->quantization;
    if (p->count == 0 || q->count == 0)
        return p->count == q->count;
    return p->count == 1 && q->count == 1 && p->scale[0] == q->scale[0] && p->zero[0] == q->zero[0];
}
