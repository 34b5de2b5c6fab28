#include "models/ops/sigmoid.h"

#include "models/ops/check.h"
#include "models/ops/quantized.h"

#include <math.h>

static void prepare_i8(struct assay_sigmoid *sigmoid, const struct assay_value *in)
{
    const struct assay_factor factor = assay_factor_of((double)assay_value_scale(in) * (1 << 27));
    sigmoid->zero = assay_value_zero(in);
    sigmoid->multiplier = factor.multiplier;
    sigmoid->shift = factor.shift;
    /* Just below 15, which is as far as Q4.27 goes; int8 inputs are at most 255 away from zero. */
    sigmoid->radius = (int32_t)fmin(floor(ldexp(15.0, 27 - factor.shift)), 1 << 20);
}

static double entry(double i)
{
    return 65536.0 / (1.0 + exp(-i / 24.0));
}

/* The function bends down between entries, so that each is raised by half the error that a straight line makes at the
 * middle; the last is the end of the range. To the bit the table of the reference kernels. */
static void fill(uint16_t table[ASSAY_SIGMOID_ENTRIES])
{
    for (int i = 0; i < ASSAY_SIGMOID_ENTRIES - 1; i++)
        table[i] = (uint16_t)round(entry(i) + (entry(i + 0.5) - (entry(i) + entry(i + 1)) / 2.0) / 2.0);
    table[ASSAY_SIGMOID_ENTRIES - 1] = UINT16_MAX;
}

static void prepare_i16(struct assay_sigmoid *sigmoid, const struct assay_value *in, int largest_shift)
{
    fill(sigmoid->table);
    const float scale = assay_value_scale(in);
    const float logarithm = logf(scale) * (1.0f / logf(2.0f)), rounded = roundf(logarithm);
    const float power = rounded + 12.0f;
    if (fabsf(logarithm - rounded) < 1e-3f && power >= 0.0f && power <= (float)largest_shift) {
        sigmoid->multiplier = 3 << (int)power;
        sigmoid->shift = 0;
        return;
    }
    double multiplier = (double)scale * 4096.0 * 3.0;
    while (multiplier <= 32767.0 / 2.0 && sigmoid->shift <= 30) {
        sigmoid->shift++;
        multiplier *= 2.0;
    }
    sigmoid->multiplier = (int32_t)fmin(multiplier, INT16_MAX);
}

bool assay_sigmoid_shape(struct assay_node *node, float scale, int64_t zero, struct assay_model_error *error)
{
    if (!assay_op_unary_shape(node, ASSAY_TYPES_MATH, error))
        return false;
    switch (node->in[0]->tensor->type) {
    case ASSAY_TENSOR_I8:
        return assay_op_fixed_output(node, scale, zero, error);
    case ASSAY_TENSOR_I16:
        return assay_op_fixed_output(node, 1.0f / 32768.0f, 0, error);
    default:
        return true;
    }
}

bool assay_sigmoid_prepare(struct assay_node *node, struct assay_arena *arena, int largest_shift,
                           struct assay_model_error *error)
{
    const struct assay_value *in = node->in[0];
    if (in->tensor->type == ASSAY_TENSOR_F32)
        return true;
    struct assay_sigmoid *sigmoid = assay_op_state(node, arena, sizeof *sigmoid, error);
    if (!sigmoid)
        return false;
    if (in->tensor->type == ASSAY_TENSOR_I8)
        prepare_i8(sigmoid, in);
    else
        prepare_i16(sigmoid, in, largest_shift);
    return true;
}

int32_t assay_sigmoid_input(const struct assay_sigmoid *sigmoid, int16_t x)
{
    const int64_t half = sigmoid->shift > 0 ? INT64_C(1) << (sigmoid->shift - 1) : 0;
    return (int32_t)(((int64_t)x * sigmoid->multiplier + half) >> sigmoid->shift);
}

static int8_t compute_i8(const struct assay_sigmoid *sigmoid, int32_t (*function)(int32_t x), int8_t x)
{
    const int32_t value = x - sigmoid->zero;
    if (value <= -sigmoid->radius)
        return INT8_MIN;
    if (value >= sigmoid->radius)
        return INT8_MAX;
    return (int8_t)assay_clamp_int(function(assay_rescale(value, sigmoid->multiplier, sigmoid->shift)), INT8_MIN,
                                   INT8_MAX);
}

void assay_sigmoid_run(struct assay_node *node, const struct assay_sigmoid_functions *functions)
{
    const size_t n = assay_op_elements(node->in[0]);
    if (node->in[0]->tensor->type == ASSAY_TENSOR_F32) {
        const float *in = node->in[0]->data;
        float *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = functions->f32(in[i]);
    } else if (node->in[0]->tensor->type == ASSAY_TENSOR_I8) {
        const int8_t *in = node->in[0]->data;
        int8_t *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = compute_i8(node->state, functions->i8, in[i]);
    } else {
        const int16_t *in = node->in[0]->data;
        int16_t *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = functions->i16(node->state, in[i]);
    }
}
