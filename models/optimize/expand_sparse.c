/* Weights that a layer takes in the format's sparse encoding become dense, where something is to be done to them: a
 * mode other than fp32, or a structure. Those behind a DENSIFY become so with the constants (fold_constants.c). */
#include "models/ops/sparse.h"
#include "models/optimize/layers.h"

#include <stdlib.h>

static bool is_sparse_float(const struct assay_tensor *tensor)
{
    return tensor->type == ASSAY_TENSOR_F32 && tensor->data && tensor->sparsity && !tensor->variable;
}

/* The dense form of a sparse constant; -1 without memory. */
static int32_t add_dense(struct assay_draft *draft, int32_t sparse)
{
    struct assay_tensor tensor = draft->tensors[sparse];
    size_t count;
    if (!assay_shape_count(&tensor.shape, &count))
        return -1;
    float *values = assay_draft_take(draft, count, sizeof(*values));
    if (!values)
        return -1;
    assay_sparse_decode(&draft->tensors[sparse], values);
    tensor.sparsity = NULL;
    tensor.data = values;
    tensor.bytes = count * sizeof(*values);
    return assay_draft_add_tensor(draft, &tensor);
}

/* Of layer `at`, if it is one. dense: by tensor of the network as it came, its dense form, 0 if it has none yet. */
static bool expand(struct assay_draft *draft, size_t at, int32_t *dense)
{
    if (draft->operators[at].code != ASSAY_OPERATOR_FULLY_CONNECTED)
        return true;
    struct assay_model_error why;
    const int32_t weights = draft->operators[at].inputs[1];
    if (!is_sparse_float(&draft->tensors[weights]) || !assay_sparse_check(&draft->tensors[weights], &why))
        return true;
    if (dense[weights] == 0)
        dense[weights] = add_dense(draft, weights);
    if (dense[weights] < 0)
        return false;
    assay_draft_operator_inputs(draft, at)[1] = dense[weights];
    return true;
}

bool assay_expand_sparse(struct assay_draft *draft, struct assay_model_error *error)
{
    int32_t *dense = calloc(draft->tensor_count + 1, sizeof(*dense));
    bool good = dense != NULL;
    for (size_t at = 0; good && at < draft->operator_count; at++)
        good = expand(draft, at, dense);
    free(dense);
    return good || assay_pass_memory(draft, error);
}
