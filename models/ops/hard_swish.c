/* HARD_SWISH: x * min(max(x + 3, 0), 6) / 6. int8: all in int16 fixed point, as the reference kernels define it; int16
 * is not in the specification. */
#include "models/ops/check.h"
#include "models/ops/quantized.h"

#include <math.h>

struct state {
    int32_t in_zero, out_zero;
    int32_t out_multiplier, out_shift;   /* Q15; right shift of the end, >= 0 */
    int32_t gate_multiplier, gate_shift; /* Q15 and exponent: to the scale on which 3 is 2^15 */
};

/* A Q31 multiplier in Q15. */
static int32_t halve(int32_t q31)
{
    return q31 >= INT32_MAX - (1 << 15) ? INT16_MAX : (q31 + (1 << 15)) >> 16;
}

static struct assay_factor out_factor(const struct assay_node *node)
{
    const float fine = 1.0f / 128.0f * assay_value_scale(node->in[0]);
    return assay_factor_of((double)(fine / assay_value_scale(node->out[0])));
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_unary_shape(node, ASSAY_TYPE_BIT(F32) | ASSAY_TYPE_BIT(I8), error))
        return false;
    if (node->in[0]->tensor->type == ASSAY_TENSOR_I8 && out_factor(node).shift > 0)
        return assay_op_fail(node, error, "the output's scale %g is too small for the input's %g",
                             (double)assay_value_scale(node->out[0]), (double)assay_value_scale(node->in[0]));
    return true;
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    if (node->in[0]->tensor->type == ASSAY_TENSOR_F32)
        return true;
    struct state *state = assay_op_state(node, arena, sizeof *state, error);
    if (!state)
        return false;
    const float fine = 1.0f / 128.0f * assay_value_scale(node->in[0]), gate = 3.0f / 32768.0f;
    const struct assay_factor out = out_factor(node), to_gate = assay_factor_of((double)(fine / gate));
    state->out_multiplier = halve(out.multiplier);
    state->out_shift = -out.shift;
    state->gate_multiplier = halve(to_gate.multiplier);
    state->gate_shift = to_gate.shift;
    state->in_zero = assay_value_zero(node->in[0]);
    state->out_zero = assay_value_zero(node->out[0]);
    return true;
}

static int32_t saturate(int64_t x)
{
    return (int32_t)(x > INT16_MAX ? INT16_MAX : x < INT16_MIN ? INT16_MIN : x);
}

/* Of Q15 numbers, b >= 0: (2ab + 2^15) / 2^16, ties up. */
static int32_t high_multiply(int32_t a, int32_t b)
{
    return (a * b + (1 << 14)) >> 15;
}

/* To nearest, ties away from zero. */
static int32_t divide(int32_t x, int32_t exponent)
{
    const int64_t mask = (INT64_C(1) << exponent) - 1;
    return (int32_t)((x >> exponent) + ((x & mask) > (mask >> 1) + (x < 0)));
}

static int32_t swish(const struct state *state, int32_t x)
{
    /* The difference of two int8 has 9 bits: 7 more fill an int16. */
    const int32_t fine = (x - state->in_zero) * 128;
    const int32_t scaled = high_multiply(fine, state->out_multiplier);
    int32_t gate = fine;
    if (state->gate_shift > 0)
        gate = saturate((int64_t)gate * (INT64_C(1) << (state->gate_shift - 1)));
    gate = high_multiply(gate, state->gate_multiplier);
    if (state->gate_shift > 0)
        gate = saturate((int64_t)gate * 2);
    else if (state->gate_shift < 0)
        gate = divide(gate, -state->gate_shift);
    gate = (gate + (1 << 15)) >> 1;                    /* [-1, 1] to [0, 1] */
    const int32_t product = gate * scaled / (1 << 15); /* towards zero */
    const int32_t result = divide(product, state->out_shift) + state->out_zero;
    return assay_clamp_int(result, INT8_MIN, INT8_MAX);
}

static void run(struct assay_node *node)
{
    const size_t n = assay_op_elements(node->in[0]);
    if (node->in[0]->tensor->type == ASSAY_TENSOR_F32) {
        const float *in = node->in[0]->data;
        float *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = in[i] * fminf(6.0f, fmaxf(0.0f, in[i] + 3.0f)) / 6.0f;
    } else {
        const int8_t *in = node->in[0]->data;
        int8_t *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = (int8_t)swish(node->state, in[i]);
    }
}

const struct assay_op_kind assay_op_HARD_SWISH = {
    .code = ASSAY_OPERATOR_HARD_SWISH,
    .shape = shape,
    .prepare = prepare,
    .run = run,
};
