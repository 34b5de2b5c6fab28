#include "models/graph/parts.h"

#include <math.h>

static bool zero_in_range(enum assay_tensor_type type, int64_t zero)
{
    switch (type) {
    case ASSAY_TENSOR_I8:
        return zero >= INT8_MIN && zero <= INT8_MAX;
    case ASSAY_TENSOR_U8:
        return zero >= 0 && zero <= UINT8_MAX;
    case ASSAY_TENSOR_I16:
        return zero >= INT16_MIN && zero <= INT16_MAX;
    case ASSAY_TENSOR_I32:
        return zero >= INT32_MIN && zero <= INT32_MAX;
    default:
        return type == ASSAY_TENSOR_I64;
    }
}

static bool check_quantization(const struct assay_tensor *tensor, struct assay_model_error *error)
{
    const struct assay_tensor_quantization *q = &tensor->quantization;
    if (q->count == 0)
        return true;
    if (!q->scale || !q->zero)
        return assay_model_fail(error, "quantized without scales or zero points");
    if (q->count > 1 && (q->axis >= tensor->shape.rank || (size_t)tensor->shape.dims[q->axis] != q->count))
        return assay_model_fail(error, "has %zu scales, which is not the size of its dimension %zu", q->count, q->axis);
    for (size_t i = 0; i < q->count; i++) {
        if (!(q->scale[i] > 0) || !isfinite(q->scale[i]))
            return assay_model_fail(error, "scale %zu is %g: a scale is above 0 and finite", i, (double)q->scale[i]);
        if (!zero_in_range(tensor->type, q->zero[i]))
            return assay_model_fail(error, "zero point %zu is %lld, out of the range of the type %s", i,
                                    (long long)q->zero[i], assay_tensor_type_name(tensor->type));
    }
    return true;
}

bool assay_graph_check_tensor(const struct assay_tensor *tensor, struct assay_model_error *error)
{
    if ((size_t)tensor->type >= ASSAY_TENSOR_TYPE_COUNT)
        return assay_model_fail(error, "has an unknown type, %d", (int)tensor->type);
    if (!tensor->name)
        return assay_model_fail(error, "has no name, not even an empty one");
    if (tensor->shape.rank > ASSAY_MAX_RANK)
        return assay_model_fail(error, "has %zu dimensions; at most %d are supported", tensor->shape.rank,
                                ASSAY_MAX_RANK);
    for (size_t i = 0; i < tensor->shape.rank; i++)
        if (tensor->shape.dims[i] < 0)
            return assay_model_fail(error, "dimension %zu is %d", i, tensor->shape.dims[i]);
    size_t count, bytes;
    const size_t size = assay_tensor_type_size(tensor->type);
    if (!assay_shape_count(&tensor->shape, &count) || __builtin_mul_overflow(count, size, &bytes) ||
        bytes > PTRDIFF_MAX)
        return assay_model_fail(error, "is larger than any memory");
    if (!check_quantization(tensor, error))
        return false;
    if (tensor->sparsity) {
        if (!tensor->data)
            return assay_model_fail(error, "is sparse, but not a constant");
        if (!assay_graph_check_sparsity(tensor, &count, error))
            return false;
        bytes = count * size; /* no more than the stored indexes, times a block that fits the shape */
    }
    if (!tensor->data)
        return tensor->bytes == 0 || assay_model_fail(error, "has %zu bytes of no data", tensor->bytes);
    if (tensor->type == ASSAY_TENSOR_RESOURCE)
        return assay_model_fail(error, "is a resource, which has no data of its own");
    if (tensor->bytes != bytes)
        return assay_model_fail(error, "has %zu bytes of data; its shape and type make %zu", tensor->bytes, bytes);
    return true;
}
