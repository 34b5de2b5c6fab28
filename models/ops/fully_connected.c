/* FULLY_CONNECTED: inputs [..., k] seen as rows of k, weights [n, k], bias [n] or none. The output is [rows, n], or has
 * the input's leading dimensions where these are kept. */
#include "models/ops/layer.h"

static bool find_problem(const struct assay_node *node, struct assay_problem *problem, struct assay_model_error *error)
{
    if (!assay_layer_check(node, 0, problem, error))
        return false;
    const struct assay_shape *in = &node->in[0]->shape, *weights = &node->in[1]->shape;
    if (weights->rank != 2)
        return assay_model_fail(error, "its weights must have 2 dimensions");
    size_t count;
    const size_t n = (size_t)weights->dims[0], k = (size_t)weights->dims[1];
    if (!assay_shape_count(in, &count) || count % k != 0)
        return assay_model_fail(error, "its input makes no whole number of rows of %zu", k);
    if (node->op->fully_connected.keep_dims && (in->rank == 0 || (size_t)in->dims[in->rank - 1] != k))
        return assay_model_fail(error, "its input's last dimension is not the weights' %zu, so that none can be kept",
                                k);
    if (count / k > INT32_MAX)
        return assay_model_fail(error, "it is too large");
    problem->op = ASSAY_OP_GEMM;
    problem->gemm = (struct assay_gemm_shape){.m = count / k, .n = n, .k = k, .in_stride = k, .out_stride = n};
    return true;
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    struct assay_problem problem;
    if (!find_problem(node, &problem, error))
        return false;
    struct assay_shape *out = &node->out[0]->shape;
    if (node->op->fully_connected.keep_dims) {
        *out = node->in[0]->shape;
        out->dims[out->rank - 1] = node->in[1]->shape.dims[0];
    } else {
        *out = (struct assay_shape){2, {(int32_t)problem.gemm.m, node->in[1]->shape.dims[0]}};
    }
    return true;
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    struct assay_problem problem;
    return find_problem(node, &problem, error) && assay_layer_prepare(node, &problem, arena, error);
}

const struct assay_op_kind assay_op_FULLY_CONNECTED = {
    .code = ASSAY_OPERATOR_FULLY_CONNECTED,
    .shape = shape,
    .prepare = prepare,
    .bind = assay_layer_bind,
    .run = assay_layer_run,
};
