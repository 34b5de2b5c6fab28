/* LOGISTIC: 1 / (1 + exp(-x)). int8 by fixed-point exp and division, int16 by a table of 256 entries and linear
 * interpolation, as the reference kernels define them. */
#include "models/ops/fixed_math.h"
#include "models/ops/sigmoid.h"

#include <math.h>
#include <stdlib.h>

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    return assay_sigmoid_shape(node, 1.0f / 256.0f, -128, error);
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    return assay_sigmoid_prepare(node, arena, 0, error);
}

/* Below -9 the 1 beside exp(-x) is left out, as the reference kernels do: off by at most exp(-9) relative. */
static float logistic(float x)
{
    return x > 16.619047f ? 1.0f : x < -9.0f ? expf(x) : 1.0f / (1.0f + expf(-x));
}

static int32_t logistic_i8(int32_t x)
{
    return assay_fixed_divide(assay_fixed_logistic(x), 23) - 128;
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
    static const struct assay_sigmoid_functions functions = {logistic, logistic_i8, logistic_i16};
    assay_sigmoid_run(node, &functions);
}

const struct assay_op_kind assay_op_LOGISTIC = {
    .code = ASSAY_OPERATOR_LOGISTIC,
    .shape = shape,
    .prepare = prepare,
    .run = run,
};
