/* SOFTMAX over the last dimension. int8 (to int8 or int16) by fixed-point exp and division; int16 by two tables of 513
 * entries with linear interpolation, of exp(x) and 1 / (1 + x), as the reference kernels define them. */
#include "models/ops/check.h"
#include "models/ops/fixed_math.h"
#include "models/ops/quantized.h"

#include <math.h>

enum { STEPS = 512, SCALED_BITS = 5, SUM_BITS = 12, DIFFERENCES = 256 };

struct state {
    struct assay_factor factor;
    union {
        int32_t exp_i8[DIFFERENCES]; /* int8: exp(-d), Q0.31, of what is d below the row's maximum */
        struct {
            int16_t exp[STEPS + 1];     /* int16: of [-10, 0] */
            int16_t inverse[STEPS + 1]; /* int16: 1 / (1 + x) of [0, 1] */
        };
    };
};

/* int8: scale * beta as a factor to Q5.26. */
static double real_i8(const struct assay_node *node)
{
    const double scale = (double)assay_value_scale(node->in[0]), beta = (double)node->op->softmax.beta;
    return fmin(beta * scale * (1 << (31 - SCALED_BITS)), 2147483647.0);
}

static bool shape_integer(const struct assay_node *node, struct assay_model_error *error)
{
    const int32_t depth = node->in[0]->shape.dims[node->in[0]->shape.rank - 1];
    const bool to_i16 = node->out[0]->tensor->type == ASSAY_TENSOR_I16;
    if (node->in[0]->tensor->type == ASSAY_TENSOR_I16) {
        if (depth > 1 << 16)
            return assay_op_fail(node, error, "a row of %d is too long for i16: at most 65536", depth);
        return assay_op_fixed_output(node, 1.0f / 32768.0f, 0, error);
    }
    if (!(real_i8(node) > 1.0))
        return assay_op_fail(node, error, "beta %g and the input's scale %g are too small",
                             (double)node->op->softmax.beta, (double)assay_value_scale(node->in[0]));
    return to_i16 ? assay_op_fixed_output(node, 1.0f / 65536.0f, INT16_MIN, error)
                  : assay_op_fixed_output(node, 1.0f / 256.0f, INT8_MIN, error);
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_counts(node, 1, 1, 1, error))
        return false;
    const struct assay_value *in = node->in[0];
    struct assay_value *out = node->out[0];
    const bool widens = in->tensor->type == ASSAY_TENSOR_I8 && out->tensor->type == ASSAY_TENSOR_I16;
    if (!widens && !assay_op_same_types(node, ASSAY_TYPES_MATH, error))
        return false;
    if (in->shape.rank == 0)
        return assay_op_fail(node, error, "the input is a scalar");
    if (!isfinite(node->op->softmax.beta))
        return assay_op_fail(node, error, "beta is %g", (double)node->op->softmax.beta);
    if (!assay_op_quantized(node, in, "input 0", error))
        return false;
    /* An int16 of 1/65536 has the zero point -32768, which the general check refuses. */
    if (widens ? out->tensor->quantization.count != 1 : !assay_op_quantized(node, out, "output 0", error))
        return widens ? assay_op_fail(node, error, "output 0 is not quantized as a whole") : false;
    if (in->tensor->type != ASSAY_TENSOR_F32 && !shape_integer(node, error))
        return false;
    out->shape = in->shape;
    return true;
}

/* A table of `function` over [low, high] for an output in steps of 2/65535. Entries are shifted by half the error that
 * interpolation makes between them. */
static void fill(int16_t table[STEPS + 1], float low, float high, float (*function)(float))
{
    const float out_scale = 2.0f / 65535.0f, step = (high - low) / STEPS, half_step = step / 2.0f;
    const float per_unit = 65536.0f / (out_scale * 32767.0f - out_scale * -32768.0f);
    for (int i = 0; i < STEPS; i++) {
        const float at = low + (float)i * step;
        const float here = roundf(function(at) * per_unit), next = function(low + (float)(i + 1) * step) * per_unit;
        const float middle = roundf(function(at + half_step) * per_unit);
        const float bias = roundf((roundf((next + here) / 2.0f) - middle) / 2.0f);
        table[i] = (int16_t)fminf(fmaxf(here - bias, INT16_MIN), INT16_MAX);
    }
    table[STEPS] = (int16_t)fminf(fmaxf(roundf(function(high) * per_unit), INT16_MIN), INT16_MAX);
}

static float one_over_one_plus(float x)
{
    return 1.0f / (1.0f + x);
}

/* What is too far below the maximum counts as 0. */
static void fill_i8(struct state *state)
{
    const int32_t least = -(int32_t)floor(ldexp(31.0, 31 - SCALED_BITS - state->factor.shift));
    for (int32_t d = 0; d < DIFFERENCES; d++)
        state->exp_i8[d] = -d < least ? 0 : assay_fixed_exp(assay_rescale_by(-d, state->factor), SCALED_BITS);
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    if (node->in[0]->tensor->type == ASSAY_TENSOR_F32)
        return true;
    struct state *state = assay_op_state(node, arena, sizeof *state, error);
    if (!state)
        return false;
    if (node->in[0]->tensor->type == ASSAY_TENSOR_I8) {
        state->factor = assay_factor_of(real_i8(node));
        fill_i8(state);
        return true;
    }
    const double scale = (double)assay_value_scale(node->in[0]), beta = (double)node->op->softmax.beta;
    state->factor = assay_factor_of(scale * beta / (10.0 / 65535.0));
    fill(state->exp, 10.0f / 65535.0f * -65535.0f, 0.0f, expf);
    fill(state->inverse, 0.0f, 1.0f / 65535.0f * 65535.0f, one_over_one_plus);
    return true;
}

static void row_f32(float beta, const float *in, float *out, size_t depth)
{
    float max = -INFINITY, sum = 0.0f;
    for (size_t i = 0; i < depth; i++)
        max = fmaxf(max, in[i]);
    for (size_t i = 0; i < depth; i++) {
        out[i] = expf((in[i] - max) * beta);
        sum += out[i];
    }
    for (size_t i = 0; i < depth; i++)
        out[i] /= sum;
}

/* A row's output as a function of how far below the maximum the input is. */
struct shares {
    int32_t scale;
    int exponent;
    struct assay_int_range range;
};

static int32_t share_of(const struct state *state, const struct shares *shares, int32_t d)
{
    const int32_t share = assay_fixed_multiply(shares->scale, state->exp_i8[d]);
    return assay_clamp_to(assay_fixed_divide(share, shares->exponent) + shares->range.low, shares->range);
}

/* Writes int8 or int16, each from the least value of its type on. */
static void row_i8(const struct state *state, const int8_t *in, void *out, bool to_i16, size_t depth)
{
    int32_t max = INT8_MIN, known[DIFFERENCES];
    for (size_t i = 0; i < depth; i++)
        max = in[i] > max ? in[i] : max;
    int64_t sum = 0; /* Q12.19; a row of more than 4095 maxima saturates it */
    for (size_t i = 0; i < depth; i++)
        sum += assay_fixed_divide(state->exp_i8[max - in[i]], SUM_BITS);
    int excess;
    struct shares shares = {.range = assay_type_range(to_i16 ? ASSAY_TENSOR_I16 : ASSAY_TENSOR_I8)};
    shares.scale = assay_fixed_reciprocal((int32_t)(sum < INT32_MAX ? sum : INT32_MAX), SUM_BITS, &excess);
    shares.exponent = excess + 31 - (to_i16 ? 16 : 8);
    const bool tabled = depth > DIFFERENCES;
    for (int32_t d = 0; tabled && d < DIFFERENCES; d++)
        known[d] = share_of(state, &shares, d);
    for (size_t i = 0; i < depth; i++) {
        const int32_t d = max - in[i], value = tabled ? known[d] : share_of(state, &shares, d);
        if (to_i16)
            ((int16_t *)out)[i] = (int16_t)value;
        else
            ((int8_t *)out)[i] = (int8_t)value;
    }
}

/* The table's 512 steps cover all int16. */
static int32_t look_up(const int16_t table[STEPS + 1], int32_t x)
{
    const int32_t at = assay_clamp_int(x, INT16_MIN, INT16_MAX);
    const int32_t index = 256 + (at >> 7), rest = at & 0x7F;
    const int32_t slope = (int16_t)(table[index + 1] - table[index]);
    return (int16_t)(table[index] + ((slope * rest + 64) >> 7));
}

static void row_i16(const struct state *state, const int16_t *in, int16_t *out, size_t depth)
{
    int32_t max = INT16_MIN, sum = 0; /* Q16.15 */
    for (size_t i = 0; i < depth; i++)
        max = in[i] > max ? in[i] : max;
    for (size_t i = 0; i < depth; i++) {
        const int64_t scaled = assay_rescale_by(in[i] - max, state->factor);
        out[i] = (int16_t)look_up(state->exp, (int32_t)(scaled < -65535 ? -32768 : scaled + 32767));
        sum += out[i];
    }
    /* 1 / sum, with the sum brought to [1, 2) in Q1.16 and 1 taken off. */
    const int leading = __builtin_clz((uint32_t)sum);
    const int32_t shifted = (int32_t)(((int64_t)sum * (INT64_C(1) << (leading - 1)) + (1 << 13)) >> 14);
    const int32_t inverse = look_up(state->inverse, shifted - ((1 << 15) + (1 << 16)));
    const int right = 31 - leading;
    for (size_t i = 0; i < depth; i++) {
        const int64_t product = (int64_t)out[i] * inverse + (INT64_C(1) << (right - 1));
        out[i] = (int16_t)assay_clamp_int((int32_t)(product >> right), 0, INT16_MAX);
    }
}

static void run(struct assay_node *node)
{
    const struct assay_value *in = node->in[0], *out = node->out[0];
    const size_t depth = (size_t)in->shape.dims[in->shape.rank - 1], n = assay_op_elements(in);
    const bool to_i16 = out->tensor->type == ASSAY_TENSOR_I16;
    for (size_t i = 0; i < n; i += depth) {
        if (in->tensor->type == ASSAY_TENSOR_F32)
            row_f32(node->op->softmax.beta, (const float *)in->data + i, (float *)out->data + i, depth);
        else if (in->tensor->type == ASSAY_TENSOR_I8)
            row_i8(node->state, (const int8_t *)in->data + i, (char *)out->data + i * (to_i16 ? 2 : 1), to_i16, depth);
        else
            row_i16(node->state, (const int16_t *)in->data + i, (int16_t *)out->data + i, depth);
    }
}

const struct assay_op_kind assay_op_SOFTMAX = {
    .code = ASSAY_OPERATOR_SOFTMAX,
    .shape = shape,
    .prepare = prepare,
    .run = run,
};
