/* MUL. Integers: the product of the inputs without their zero points, rescaled by a_scale * b_scale / out_scale. */
#include "models/ops/check.h"
#include "models/ops/elementwise.h"

struct state {
    struct assay_float_range floats;
    struct assay_int_range range;
    struct assay_factor factor;
    int32_t a_zero, b_zero, out_zero;
};

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    struct state *state = assay_op_state(node, arena, sizeof *state, error);
    if (!state)
        return false;
    state->floats = assay_fused_float_range(node->op->fused);
    if (!(ASSAY_TYPES_INTEGER >> node->in[0]->tensor->type & 1))
        return true;
    state->factor = assay_factor_of((double)assay_value_scale(node->in[0]) * (double)assay_value_scale(node->in[1]) /
                                    (double)assay_value_scale(node->out[0]));
    state->a_zero = assay_value_zero(node->in[0]);
    state->b_zero = assay_value_zero(node->in[1]);
    state->out_zero = assay_value_zero(node->out[0]);
    state->range = assay_fused_int_range(node->op->fused, node->out[0]);
    return true;
}

static int32_t multiply(const struct state *state, int32_t a, int32_t b)
{
    const int32_t product = (a - state->a_zero) * (b - state->b_zero);
    return assay_clamp_to(assay_offset(assay_rescale_by(product, state->factor), state->out_zero), state->range);
}

static void row_i8(const void *context, const void *a, size_t a_step, const void *b, size_t b_step, void *out, size_t n)
{
    const int8_t *from_a = a, *from_b = b;
    int8_t *to = out;
    for (size_t i = 0; i < n; i++)
        to[i] = (int8_t)multiply(context, from_a[i * a_step], from_b[i * b_step]);
}

static void row_i16(const void *context, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                    size_t n)
{
    const int16_t *from_a = a, *from_b = b;
    int16_t *to = out;
    for (size_t i = 0; i < n; i++)
        to[i] = (int16_t)multiply(context, from_a[i * a_step], from_b[i * b_step]);
}

static void row_i32(const void *context, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                    size_t n)
{
    (void)context;
    const int32_t *from_a = a, *from_b = b;
    int32_t *to = out;
    for (size_t i = 0; i < n; i++)
        to[i] = (int32_t)((uint32_t)from_a[i * a_step] * (uint32_t)from_b[i * b_step]);
}

static void row_f32(const void *context, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                    size_t n)
{
    const struct state *state = context;
    const float *from_a = a, *from_b = b;
    float *to = out;
    for (size_t i = 0; i < n; i++)
        to[i] = assay_clamp_float(from_a[i * a_step] * from_b[i * b_step], state->floats);
}

static void run(struct assay_node *node)
{
    static const struct assay_elementwise_rows rows = {row_f32, row_i8, row_i16, row_i32};
    assay_elementwise_run(node, &rows, node->state);
}

const struct assay_op_kind assay_op_MUL = {
    .code = ASSAY_OPERATOR_MUL,
    .shape = assay_elementwise_shape,
    .prepare = prepare,
    .run = run,
};
