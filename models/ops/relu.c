/* RELU, RELU_N1_TO_1 and RELU6 as operators of their own.
 * Integers: RELU and RELU_N1_TO_1 rescale to the output's quantization and cut there. RELU6 cuts at the input's 0 and 6
 * and does not rescale: so do the reference kernels of TFLite Micro, which take for granted that a model quantizes
 * input and output alike. */
#include "models/ops/check.h"
#include "models/ops/quantized.h"

struct state {
    struct assay_factor factor;
    struct assay_int_range range;
    int32_t in_zero, out_zero;
};

static enum assay_fused fused_of(const struct assay_node *node)
{
    switch (node->op->code) {
    case ASSAY_OPERATOR_RELU6:
        return ASSAY_FUSED_RELU6;
    case ASSAY_OPERATOR_RELU_N1_TO_1:
        return ASSAY_FUSED_RELU_N1_TO_1;
    default:
        return ASSAY_FUSED_RELU;
    }
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    return assay_op_unary_shape(node, ASSAY_TYPES_MATH, error);
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    if (node->in[0]->tensor->type == ASSAY_TENSOR_F32)
        return true;
    struct state *state = assay_op_state(node, arena, sizeof *state, error);
    if (!state)
        return false;
    const struct assay_value *in = node->in[0], *out = node->out[0];
    const bool rescales = node->op->code != ASSAY_OPERATOR_RELU6;
    state->factor = assay_factor_of((double)(assay_value_scale(in) / assay_value_scale(out)));
    state->range = assay_fused_int_range(fused_of(node), rescales ? out : in);
    state->in_zero = assay_value_zero(in);
    state->out_zero = assay_value_zero(out);
    return true;
}

static int32_t rescale(const struct state *state, int32_t x)
{
    return assay_offset(assay_rescale_by(x - state->in_zero, state->factor), state->out_zero);
}

static void run(struct assay_node *node)
{
    const size_t n = assay_op_elements(node->in[0]);
    const struct state *state = node->state;
    const bool rescales = node->op->code != ASSAY_OPERATOR_RELU6;
    if (node->in[0]->tensor->type == ASSAY_TENSOR_F32) {
        const struct assay_float_range range = assay_fused_float_range(fused_of(node));
        const float *in = node->in[0]->data;
        float *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = assay_clamp_float(in[i], range);
    } else if (node->in[0]->tensor->type == ASSAY_TENSOR_I8) {
        const int8_t *in = node->in[0]->data;
        int8_t *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = (int8_t)assay_clamp_to(rescales ? rescale(state, in[i]) : in[i], state->range);
    } else {
        const int16_t *in = node->in[0]->data;
        int16_t *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = (int16_t)assay_clamp_to(rescales ? rescale(state, in[i]) : in[i], state->range);
    }
}

const struct assay_op_kind assay_op_RELU = {
    .code = ASSAY_OPERATOR_RELU,
    .shape = shape,
    .prepare = prepare,
    .run = run,
};

const struct assay_op_kind assay_op_RELU_N1_TO_1 = {
    .code = ASSAY_OPERATOR_RELU_N1_TO_1,
    .shape = shape,
    .prepare = prepare,
    .run = run,
};

const struct assay_op_kind assay_op_RELU6 = {
    .code = ASSAY_OPERATOR_RELU6,
    .shape = shape,
    .prepare = prepare,
    .run = run,
};
