/* LEAKY_RELU: x, or alpha * x below zero; alpha may be negative or above 1. Integers: each branch has its own factor.
 */
#include "models/ops/check.h"
#include "models/ops/quantized.h"

#include <math.h>

struct state {
    struct assay_factor identity, alpha; /* alpha's magnitude */
    struct assay_int_range range;
    int32_t in_zero, out_zero;
    bool negative; /* alpha < 0 */
};

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_unary_shape(node, ASSAY_TYPES_MATH, error))
        return false;
    if (!isfinite(node->op->leaky_relu.alpha))
        return assay_op_fail(node, error, "alpha is %g", (double)node->op->leaky_relu.alpha);
    return true;
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    if (node->in[0]->tensor->type == ASSAY_TENSOR_F32)
        return true;
    struct state *state = assay_op_state(node, arena, sizeof *state, error);
    if (!state)
        return false;
    const struct assay_value *in = node->in[0], *out = node->out[0];
    const float alpha = node->op->leaky_relu.alpha;
    /* In float, as the reference does. */
    state->alpha = assay_factor_of((double)fabsf(assay_value_scale(in) * alpha / assay_value_scale(out)));
    state->identity = assay_factor_of((double)(assay_value_scale(in) / assay_value_scale(out)));
    state->negative = alpha < 0.0f;
    state->range = assay_type_range(out->tensor->type);
    state->in_zero = assay_value_zero(in);
    state->out_zero = assay_value_zero(out);
    return true;
}

static int32_t leak(const struct state *state, int32_t x)
{
    const int32_t value = x - state->in_zero;
    int32_t result;
    if (value >= 0) {
        result = assay_rescale_by(value, state->identity);
    } else {
        result = assay_rescale_by(value, state->alpha);
        if (state->negative)
            result = (int32_t)-(uint32_t)result;
    }
    return assay_clamp_to(assay_offset(result, state->out_zero), state->range);
}

static void run(struct assay_node *node)
{
    const size_t n = assay_op_elements(node->in[0]);
    if (node->in[0]->tensor->type == ASSAY_TENSOR_F32) {
        const float alpha = node->op->leaky_relu.alpha, *in = node->in[0]->data;
        float *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = in[i] > 0.0f ? in[i] : in[i] * alpha;
    } else if (node->in[0]->tensor->type == ASSAY_TENSOR_I8) {
        const int8_t *in = node->in[0]->data;
        int8_t *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = (int8_t)leak(node->state, in[i]);
    } else {
        const int16_t *in = node->in[0]->data;
        int16_t *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = (int16_t)leak(node->state, in[i]);
    }
}

const struct assay_op_kind assay_op_LEAKY_RELU = {
    .code = ASSAY_OPERATOR_LEAKY_RELU,
    .shape = shape,
    .prepare = prepare,
    .run = run,
};
