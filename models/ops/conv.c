/* CONV_2D: inputs image [b, h, w, c], weights [out_c, kernel_h, kernel_w, c], bias [out_c] or none. */
#include "models/ops/layer.h"

static bool find_problem(const struct assay_node *node, struct assay_problem *problem, struct assay_model_error *error)
{
    if (!assay_layer_check(node, 0, problem, error))
        return false;
    const struct assay_shape *in = &node->in[0]->shape, *weights = &node->in[1]->shape;
    if (in->rank != 4 || weights->rank != 4)
        return assay_model_fail(error, "its input and weights must have 4 dimensions");
    if (in->dims[3] != weights->dims[3])
        return assay_model_fail(error, "its image has %d channels, its filter %d (groups are not computed here)",
                                (int)in->dims[3], (int)weights->dims[3]);
    problem->op = ASSAY_OP_CONV;
    if (!assay_layer_window(node, (size_t)in->dims[1], (size_t)in->dims[2], (size_t)weights->dims[1],
                            (size_t)weights->dims[2], &problem->conv, error))
        return false;
    problem->conv.in_c = problem->conv.in_stride = (size_t)in->dims[3];
    problem->conv.out_c = problem->conv.out_stride = (size_t)weights->dims[0];
    return true;
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    struct assay_problem problem;
    if (!find_problem(node, &problem, error))
        return false;
    node->out[0]->shape = (struct assay_shape){4,
                                               {node->in[0]->shape.dims[0], (int32_t)problem.conv.out_h,
                                                (int32_t)problem.conv.out_w, node->in[1]->shape.dims[0]}};
    return true;
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    struct assay_problem problem;
    return find_problem(node, &problem, error) && assay_layer_prepare(node, &problem, arena, error);
}

const struct assay_op_kind assay_op_CONV_2D = {
    .code = ASSAY_OPERATOR_CONV_2D,
    .shape = shape,
    .prepare = prepare,
    .bind = assay_layer_bind,
    .run = assay_layer_run,
};
