/* L2_NORMALIZATION over the last dimension: x / |x|. int8: the sum of squares, its inverse square root in fixed point,
 * one rescale. */
#include "models/ops/check.h"
#include "models/ops/fixed_math.h"
#include "models/ops/quantized.h"

#include <math.h>

enum { MAX_DEPTH_I8 = INT32_MAX / (255 * 255) };

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_unary_shape(node, ASSAY_TYPE_BIT(F32) | ASSAY_TYPE_BIT(I8), error))
        return false;
    if (node->op->fused != ASSAY_FUSED_NONE)
        return assay_op_fail(node, error, "a fused activation is not supported");
    const struct assay_shape *in = &node->in[0]->shape;
    if (in->rank == 0)
        return assay_op_fail(node, error, "the input is a scalar");
    if (node->in[0]->tensor->type == ASSAY_TENSOR_F32)
        return true;
    if (in->dims[in->rank - 1] > MAX_DEPTH_I8)
        return assay_op_fail(node, error, "a row of %d is too long for i8: at most %d", in->dims[in->rank - 1],
                             MAX_DEPTH_I8);
    return assay_op_fixed_output(node, 1.0f / 128.0f, 0, error);
}

static void row_f32(const float *in, float *out, size_t depth)
{
    float sum = 0.0f;
    for (size_t i = 0; i < depth; i++)
        sum += in[i] * in[i];
    const float norm = fmaxf(sqrtf(sum), 1e-6f);
    for (size_t i = 0; i < depth; i++)
        out[i] = in[i] / norm;
}

static void row_i8(int32_t zero, const int8_t *in, int8_t *out, size_t depth)
{
    int32_t sum = 0;
    for (size_t i = 0; i < depth; i++)
        sum += (in[i] - zero) * (in[i] - zero);
    struct assay_factor factor;
    assay_fixed_inverse_sqrt(sum, &factor.multiplier, &factor.shift);
    factor.shift += 7; /* to 1/128 */
    for (size_t i = 0; i < depth; i++)
        out[i] = (int8_t)assay_clamp_int(assay_rescale_by(in[i] - zero, factor), INT8_MIN, INT8_MAX);
}

static void run(struct assay_node *node)
{
    const struct assay_value *in = node->in[0], *out = node->out[0];
    const size_t depth = (size_t)in->shape.dims[in->shape.rank - 1], n = assay_op_elements(in);
    for (size_t i = 0; i < n; i += depth) {
        if (in->tensor->type == ASSAY_TENSOR_F32)
            row_f32((const float *)in->data + i, (float *)out->data + i, depth);
        else
            row_i8(assay_value_zero(in), (const int8_t *)in->data + i, (int8_t *)out->data + i, depth);
    }
}

const struct assay_op_kind assay_op_L2_NORMALIZATION = {
    .code = ASSAY_OPERATOR_L2_NORMALIZATION,
    .shape = shape,
    .run = run,
};
