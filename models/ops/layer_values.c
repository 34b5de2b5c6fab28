#include "models/ops/layer_values.h"

#include "models/ops/sparse.h"

#include <stdlib.h>

const struct assay_tensor *assay_layer_weight_tensor(const struct assay_node *node)
{
    const struct assay_value *weights = node->in[1];
    if (weights->halves)
        weights = weights->halves;
    if (weights->sparse)
        weights = weights->sparse;
    return weights->tensor;
}

/* Weights that an operator made of constants (DENSIFY for others, too; DEQUANTIZE) are its output's. */
bool assay_layer_values_take(const struct assay_node *node, size_t limit, struct assay_layer_values *values,
                             struct assay_model_error *error)
{
    const struct assay_tensor *tensor = assay_layer_weight_tensor(node);
    size_t count;
    *values = (struct assay_layer_values){0};
    if (!assay_shape_count(&tensor->shape, &count) ||
        __builtin_mul_overflow(count, assay_tensor_type_size(tensor->type), &values->bytes))
        return assay_model_fail(error, "its weights are larger than any memory");
    values->data = node->in[1]->data ? node->in[1]->data : tensor->data;
    if (!tensor->sparsity)
        return true;
    values->decoded = values->bytes <= limit ? malloc(values->bytes) : NULL;
    if (!values->decoded)
        return assay_model_fail(error, "over the memory limit: its weights take %zu bytes once decoded", values->bytes);
    assay_sparse_decode(tensor, values->decoded);
    values->data = values->decoded;
    return true;
}

void assay_layer_values_free(struct assay_layer_values *values)
{
    free(values->decoded);
    *values = (struct assay_layer_values){0};
}
