/* What both resizing operators share: NHWC in, height and width of the output from a constant. */
#ifndef ASSAY_MODELS_OPS_RESIZE_H
#define ASSAY_MODELS_OPS_RESIZE_H

#include "models/ops/operands.h"

static inline bool assay_resize_shape(struct assay_node *node, struct assay_model_error *error)
{
    int32_t size[2];
    size_t count;
    if (!assay_op_counts(node, 2, 2, 1, error) || !assay_operands_integers(node, 1, "the size", 2, size, &count, error))
        return false;
    struct assay_shape shape = node->in[0]->shape;
    if (shape.rank != 4)
        return assay_op_fail(node, error, "the input has %zu dimensions, not 4", shape.rank);
    if (count != 2 || size[0] <= 0 || size[1] <= 0)
        return assay_op_fail(node, error, "the size must be two numbers above 0");
    if (shape.dims[1] == 0 || shape.dims[2] == 0)
        return assay_op_fail(node, error, "the input has no pixels");
    shape.dims[1] = size[0];
    shape.dims[2] = size[1];
    return assay_operands_move(node, 0, 0, &shape, error);
}

#endif
