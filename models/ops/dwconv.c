/* DEPTHWISE_CONV_2D: inputs image [b, h, w, c], weights [1, kernel_h, kernel_w, c * multiplier], bias [c * multiplier]
 * or none. */
#include "models/ops/layer.h"

static bool find_problem(const struct assay_node *node, struct assay_problem *problem, struct assay_model_error *error)
{
    if (!assay_layer_check(node, 3, problem, error))
        return false;
    const struct assay_shape *in = &node->in[0]->shape, *weights = &node->in[1]->shape;
    if (in->rank != 4 || weights->rank != 4 || weights->dims[0] != 1)
        return assay_model_fail(error, "its input and weights must have 4 dimensions, the weights' first being 1");
    if (in->dims[3] < 1 || weights->dims[3] % in->dims[3] != 0)
        return assay_model_fail(error, "its %d output channels are no multiple of the %d input channels",
                                (int)weights->dims[3], (int)in->dims[3]);
    struct assay_conv_shape window;
    if (!assay_layer_window(node, (size_t)in->dims[1], (size_t)in->dims[2], (size_t)weights->dims[1],
                            (size_t)weights->dims[2], &window, error))
        return false;
    problem->op = ASSAY_OP_DWCONV;
    problem->dwconv = (struct assay_dwconv_shape){
        .batch = window.batch,
        .in_h = window.in_h,
        .in_w = window.in_w,
        .in_c = (size_t)in->dims[3],
        .multiplier = (size_t)(weights->dims[3] / in->dims[3]),
        .kernel_h = window.kernel_h,
        .kernel_w = window.kernel_w,
        .stride_h = window.stride_h,
        .stride_w = window.stride_w,
        .dilation_h = window.dilation_h,
        .dilation_w = window.dilation_w,
        .pad_top = window.pad_top,
        .pad_left = window.pad_left,
        .out_h = window.out_h,
        .out_w = window.out_w,
        .in_stride = (size_t)in->dims[3],
        .out_stride = (size_t)weights->dims[3],
    };
    return true;
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    struct assay_problem problem;
    if (!find_problem(node, &problem, error))
        return false;
    node->out[0]->shape = (struct assay_shape){4,
                                               {node->in[0]->shape.dims[0], (int32_t)problem.dwconv.out_h,
                                                (int32_t)problem.dwconv.out_w, node->in[1]->shape.dims[3]}};
    return true;
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    struct assay_problem problem;
    return find_problem(node, &problem, error) && assay_layer_prepare(node, &problem, arena, error);
}

const struct assay_op_kind assay_op_DEPTHWISE_CONV_2D = {
    .code = ASSAY_OPERATOR_DEPTHWISE_CONV_2D,
    .shape = shape,
    .prepare = prepare,
    .bind = assay_layer_bind,
    .run = assay_layer_run,
};
