/* DENSIFY: a constant in TFLite's sparse encoding, dense. shape() checks all of it, so that run needs not. */
#include "models/ops/operands.h"
#include "models/ops/sparse.h"

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_counts(node, 1, 1, 1, error))
        return false;
    const struct assay_tensor *in = node->in[0]->tensor, *out = node->out[0]->tensor;
    struct assay_model_error why = {{0}};
    if (in->type != out->type)
        return assay_op_fail(node, error, "does not make %s of %s", assay_tensor_type_name(out->type),
                             assay_tensor_type_name(in->type));
    if (!assay_sparse_check(in, &why))
        return assay_op_fail(node, error, "%s", why.text);
    return assay_operands_shape(node, 0, &node->in[0]->shape, error);
}

static void run(struct assay_node *node)
{
    assay_sparse_decode(node->in[0]->tensor, node->out[0]->data);
}

const struct assay_op_kind assay_op_DENSIFY = {ASSAY_OPERATOR_DENSIFY, .shape = shape, .run = run};
