/* TANH. int8 by fixed-point exp and division, int16 by the table of LOGISTIC at twice the input. */
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
        return assay_op_fixed_output(node, 1.0f / 128.0f, 0, error);
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
        assay_sigmoid_prepare(sigmoid, node->in[0], 1);
    return sigmoid;
}

static int8_t tanh_i8(const struct assay_sigmoid *sigmoid, int8_t x)
{
    const int32_t value = x - sigmoid->zero;
    if (value <= -sigmoid->radius)
        return INT8_MIN;
    if (value >= sigmoid->radius)
        return INT8_MAX;
    const int32_t q31 = assay_fixed_tanh(assay_rescale(value, sigmoid->multiplier, sigmoid->shift));
    return (int8_t)assay_clamp_int(assay_fixed_divide(q31, 24), INT8_MIN, INT8_MAX);
}

static int16_t tanh_i16(const struct assay_sigmoid *sigmoid, int16_t x)
{
    const int32_t value = assay_sigmoid_input(sigmoid, x);
    const uint32_t magnitude = (uint32_t)abs(value), index = magnitude >> 8, rest = magnitude & 0xFF;
    int32_t result = 0xFFFF << 8; /* 2^24 is 1 */
    if (index < ASSAY_SIGMOID_ENTRIES - 1)
        result = (sigmoid->table[index] << 8) + (int32_t)rest * (sigmoid->table[index + 1] - sigmoid->table[index]);
    result -= 1 << 23; /* of logistic: 1/2 */
    result = value >= 0 ? result + (1 << 7) : -result + (1 << 7) - 1;
    return (int16_t)(result >> 8);
}

static void run(struct assay_node *node)
{
    const size_t n = assay_op_elements(node->in[0]);
    const struct assay_sigmoid *sigmoid = node->state;
    if (node->in[0]->tensor->type == ASSAY_TENSOR_F32) {
        const float *in = node->in[0]->data;
        float *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = tanhf(in[i]);
    } else if (node->in[0]->tensor->type == ASSAY_TENSOR_I8) {
        const int8_t *in = node->in[0]->data;
        int8_t *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = tanh_i8(sigmoid, in[i]);
    } else {
        const int16_t *in = node->in[0]->data;
        int16_t *out = node->out[0]->data;
        for (size_t i = 0; i < n; i++)
            out[i] = tanh_i16(sigmoid, in[i]);
    }
}

const struct assay_op_kind assay_op_TANH = {
    .code = ASSAY_OPERATOR_TANH,
    .shape = shape,
    .prepare = prepare,
    .run = run,
};
