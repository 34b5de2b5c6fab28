/* ADD and SUB. Integers: both inputs are shifted left (20 bits for int8, 15 for int16), brought to twice the larger of
 * the two scales, added in int32, and brought to the output's scale; each step rounds. Without
 * broadcasting kernels/add does all that it has: f32, int8 and int16, but for the activation RELU_N1_TO_1. */
#include "models/ops/call.h"
#include "models/ops/elementwise.h"

#include <math.h>

struct state {
    struct assay_op_call call; /* or the rows below */
    struct assay_float_range floats;
    struct assay_int_range range;
    struct assay_factor a_factor, b_factor, out_factor;
    int32_t a_zero, b_zero, out_zero;
    int32_t left;
    int32_t sign; /* of b: -1 for SUB */
};

/* The reference kernels compute SUB's factors in float, and ADD's in double: it changes the last bits. */
static void add_reals(const struct assay_node *node, int left, double real[3])
{
    const double a = assay_value_scale(node->in[0]), b = assay_value_scale(node->in[1]);
    const double twice = 2.0 * fmax(a, b);
    real[0] = a / twice;
    real[1] = b / twice;
    real[2] = twice / ((double)(1 << left) * (double)assay_value_scale(node->out[0]));
}

static void sub_reals(const struct assay_node *node, int left, double real[3])
{
    const float a = assay_value_scale(node->in[0]), b = assay_value_scale(node->in[1]);
    const float twice = 2.0f * fmaxf(a, b);
    real[0] = (double)(a / twice);
    real[1] = (double)(b / twice);
    real[2] = (double)(twice / ((float)(1 << left) * assay_value_scale(node->out[0])));
}

static void work_out(const struct assay_node *node, struct state *state)
{
    const bool subtract = node->op->code == ASSAY_OPERATOR_SUB;
    double real[3];
    state->left = node->out[0]->tensor->type == ASSAY_TENSOR_I16 ? 15 : 20;
    (subtract ? sub_reals : add_reals)(node, state->left, real);
    state->a_factor = assay_factor_of(real[0]);
    state->b_factor = assay_factor_of(real[1]);
    state->out_factor = assay_factor_of(real[2]);
    state->a_zero = assay_value_zero(node->in[0]);
    state->b_zero = assay_value_zero(node->in[1]);
    state->out_zero = assay_value_zero(node->out[0]);
    state->range = assay_fused_int_range(node->op->fused, node->out[0]);
}

static bool is_quantized(const struct assay_node *node)
{
    return ASSAY_TYPES_INTEGER >> node->in[0]->tensor->type & 1;
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_elementwise_shape(node, error))
        return false;
    if (!is_quantized(node))
        return true;
    struct state state;
    work_out(node, &state);
    if (state.out_factor.shift > 0)
        return assay_op_fail(node, error, "the output's scale %g is too small for inputs of the scales %g and %g",
                             (double)assay_value_scale(node->out[0]), (double)assay_value_scale(node->in[0]),
                             (double)assay_value_scale(node->in[1]));
    return true;
}

static bool has_activation(enum assay_fused fused, enum assay_activation *activation)
{
    *activation = fused == ASSAY_FUSED_RELU    ? ASSAY_ACT_RELU
                  : fused == ASSAY_FUSED_RELU6 ? ASSAY_ACT_RELU6
                                               : ASSAY_ACT_NONE;
    return fused == ASSAY_FUSED_NONE || *activation != ASSAY_ACT_NONE;
}

/* The node as a problem of kernels/add; false if it is none, or there is nothing to add. */
static bool is_problem(const struct assay_node *node, struct assay_problem *problem)
{
    const enum assay_tensor_type type = node->in[0]->tensor->type;
    const size_t count = assay_op_elements(node->out[0]);
    *problem = (struct assay_problem){
        .op = ASSAY_OP_ADD,
        .mode = type == ASSAY_TENSOR_I8    ? ASSAY_MODE_INT8
                : type == ASSAY_TENSOR_I16 ? ASSAY_MODE_INT16X8
                                           : ASSAY_MODE_FP32,
        .add = {count, node->op->code == ASSAY_OPERATOR_SUB},
    };
    if (is_quantized(node))
        problem->quantization = (struct assay_quantization){
            .in_scale = assay_value_scale(node->in[0]),
            .in_zero = assay_value_zero(node->in[0]),
            .addend_scale = assay_value_scale(node->in[1]),
            .addend_zero = assay_value_zero(node->in[1]),
            .out_scale = assay_value_scale(node->out[0]),
            .out_zero = assay_value_zero(node->out[0]),
        };
    return type != ASSAY_TENSOR_I32 && count > 0 && assay_op_elements(node->in[0]) == count &&
           assay_op_elements(node->in[1]) == count && has_activation(node->op->fused, &problem->activation);
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    struct state *state = assay_op_state(node, arena, sizeof *state, error);
    if (!state)
        return false;
    state->sign = node->op->code == ASSAY_OPERATOR_SUB ? -1 : 1;
    state->floats = assay_fused_float_range(node->op->fused);
    if (is_quantized(node))
        work_out(node, state);
    struct assay_problem problem;
    if (!is_problem(node, &problem))
        return true;
    const int32_t multiplier[] = {state->a_factor.multiplier, state->b_factor.multiplier, state->out_factor.multiplier};
    const int32_t shift[] = {state->a_factor.shift, state->b_factor.shift, state->out_factor.shift};
    const struct assay_weights weights = {.multiplier = multiplier, .shift = shift};
    return assay_op_call_prepare(node, &state->call, &problem, &weights, arena, error);
}

static bool bind(struct assay_node *node, struct assay_model_error *error)
{
    const struct state *state = node->state;
    return assay_op_call_bind(node, &state->call, error);
}

static int32_t combine(const struct state *state, int32_t a, int32_t b)
{
    const int32_t shifted_a = (a - state->a_zero) * (1 << state->left);
    const int32_t shifted_b = (b - state->b_zero) * (1 << state->left);
    const int32_t sum =
        assay_rescale_by(shifted_a, state->a_factor) + state->sign * assay_rescale_by(shifted_b, state->b_factor);
    return assay_clamp_to(assay_offset(assay_rescale_by(sum, state->out_factor), state->out_zero), state->range);
}

static void row_i8(const void *context, const void *a, size_t a_step, const void *b, size_t b_step, void *out, size_t n)
{
    const int8_t *from_a = a, *from_b = b;
    int8_t *to = out;
    for (size_t i = 0; i < n; i++)
        to[i] = (int8_t)combine(context, from_a[i * a_step], from_b[i * b_step]);
}

static void row_i16(const void *context, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                    size_t n)
{
    const int16_t *from_a = a, *from_b = b;
    int16_t *to = out;
    for (size_t i = 0; i < n; i++)
        to[i] = (int16_t)combine(context, from_a[i * a_step], from_b[i * b_step]);
}

static void row_i32(const void *context, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                    size_t n)
{
    const struct state *state = context;
    const int32_t *from_a = a, *from_b = b;
    int32_t *to = out;
    for (size_t i = 0; i < n; i++)
        to[i] = (int32_t)((uint32_t)from_a[i * a_step] + (uint32_t)state->sign * (uint32_t)from_b[i * b_step]);
}

static void row_f32(const void *context, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                    size_t n)
{
    const struct state *state = context;
    const float *from_a = a, *from_b = b, sign = (float)state->sign;
    float *to = out;
    for (size_t i = 0; i < n; i++)
        to[i] = assay_clamp_float(from_a[i * a_step] + sign * from_b[i * b_step], state->floats);
}

static void run(struct assay_node *node)
{
    static const struct assay_elementwise_rows rows = {row_f32, row_i8, row_i16, row_i32};
    const struct state *state = node->state;
    if (state->call.kernel)
        assay_op_call_run(node, &state->call);
    else
        assay_elementwise_run(node, &rows, state);
}

const struct assay_op_kind assay_op_ADD = {
    .code = ASSAY_OPERATOR_ADD,
    .shape = shape,
    .prepare = prepare,
    .bind = bind,
    .run = run,
};

const struct assay_op_kind assay_op_SUB = {
    .code = ASSAY_OPERATOR_SUB,
    .shape = shape,
    .prepare = prepare,
    .bind = bind,
    .run = run,
};
