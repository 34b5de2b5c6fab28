#include "models/ops/sigmoid.h"

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

void assay_sigmoid_prepare(struct assay_sigmoid *sigmoid, const struct assay_value *in, int largest_shift)
{
    if (in->tensor->type == ASSAY_TENSOR_I8)
        prepare_i8(sigmoid, in);
    else
        prepare_i16(sigmoid, in, largest_shift);
}

int32_t assay_sigmoid_input(const struct assay_sigmoid *sigmoid, int16_t x)
{
    const int64_t half = sigmoid->shift > 0 ? INT64_C(1) << (sigmoid->shift - 1) : 0;
    return (int32_t)(((int64_t)x * sigmoid->multiplier + half) >> sigmoid->shift);
}
