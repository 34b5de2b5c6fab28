/* TANH. int8 by fixed-point exp and division, int16 by the table of LOGISTIC at twice the input. */
#include "models/ops/fixed_math.h"
#include "models/ops/sigmoid.h"

#include <math.h>
#include <stdlib.h>

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    return assay_sigmoid_shape(node, 1.0f / 128.0f, 0, error);
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    return assay_sigmoid_prepare(node, arena, 1, error);
}

static int32_t tanh_i8(int32_t x)
{
    return assay_fixed_divide(assay_fixed_tanh(x), 24);
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
    static const struct assay_sigmoid_functions functions = {tanhf, tanh_i8, tanh_i16};
    assay_sigmoid_run(node, &functions);
}

const struct assay_op_kind assay_op_TANH = {
    .code = ASSAY_OPERATOR_TANH,
    .shape = shape,
    .prepare = prepare,
    .run = run,
};
