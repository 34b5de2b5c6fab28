/* LOGISTIC: 1 / (1 + exp(-x)). int8 by fixed-point exp and division, int16 by a table of 256 entries and linear
 * interpolation, as the reference kernels define them. */
#include "models/ops/check.h"
#include "models/ops/fixed_math.h"
#include "models/ops/quantized.h"
#include "models/ops/sigmoid.h"

#include <math.h>
#include <stdlib.h>

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_unary_shape(node, ASSAY_TYPES_MATH, error))
        return false;
    switch (node->in[0]->tensor->type) {
    case ASSAY_TENSOR_I8:
        return assay_op_fixed_output(node, 1.0f / 256.0f, -128, error);
    case ASSAY_TENSOR_I16:
        return assay_op_fixed_output(node, 1.0f / 32768.0f, 0, error);
    default:
        return true;
    }
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    if (node->in[0]->tensor->type == ASSAY_TENSOR_F32)
        return true;
    struct assay_sigmoid *sigmoid = assay_op_state(node, arena, sizeof *sigmoid, error);
    if (sigmoid)
        assay_sigmoid_prepare(sigmoid, node->in[0], 0);
    return sigmoid;
}

/* Below -9 the 1 beside exp(-x) is left out, as the reference kernels do: off by at most exp(-9) relative. */
static float logistic(float x)
{
    return x > 16.619047f ? 1.0f : x < -9.0f ? expf(x) : 1.0f / (1.0f + expf(-x));
}

static int8_t logistic_i8(const struct assay_sigmoid *sigmoid, int8_t x)
{
    const int32_t value = x - sigmoid->zero;
    if (value <= -sigmoid->radius)
        return INT8_MIN;
    if (value >= sigmoid->radius)
        return INT8_MAX;
    const int32_t q31 = assay_fixed_logistic(assay_rescale(value, sigmoid->multiplier, sigmoid->shift));
    return (int8_t)assay_clamp_int(assay_fixed_divide(q31, 23) - 128, INT8_MIN, INT8_MAX);
}

static int16_t logistic_i16(const struct assay_sigmoid *sigmoid, int16_t x)
{
    const int32_t value = assay_sigmoid_input(sigmoid, x);
    const uint32_t magnitude = (uint32_t)abs(value), index = magnitude >> 9, rest = magnitude & 0x1FF;
    uint32_t result = 0x7FFF << 10; /* 2^25 is 1 */
    if (index < ASSAY_SIGMOID_ENTRIES - 1)
        result = ((uint32_t)sigmoid->table[index] << 9) +
                 rest * (uint32_t)(sigmoid->table[index + 1] - sigmoid->table[index]);
    result = value >= 0 ? result + (1 << 9) : (1 << 25) - result + (1 << 9) - 1;
    return (int16_t)(result >> 10);
}

static void run(struct assay_node *node)
{
    const size_t n = assay_op_elements(node->in[0]);
    const struct assay_sigmoid *sigmoid = node->state;
    if (node->in[0]->tensor->type == ASSAY_TENSOR_F32) {
        const float *in = node->in[0]->data;
        float *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = logistic(in[i]);
    } else if (node->in[0]->tensor->type == ASSAY_TENSOR_I8) {
        const int8_t *in = node->in[0]->data;
        int8_t *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = logistic_i8(sigmoid, in[i]);
    } else {
        const int16_t *in = node->in[0]->data;
        int16_t *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = logistic_i16(sigmoid, in[i]);
    }
}

const struct assay_op_kind assay_op_LOGISTIC = {
    .code = ASSAY_OPERATOR_LOGISTIC,
    .shape = shape,
    .prepare = prepare,
    .run = run,
};
