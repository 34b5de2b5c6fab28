#include "models/ops/quantized.h"

#include <math.h>

struct assay_factor assay_factor_of(double real)
{
    if (!(real > 0.0))
        return (struct assay_factor){0, 0};
    int exponent;
    int64_t q31 = llround(frexp(real, &exponent) * 2147483648.0);
    if (q31 == INT64_C(1) << 31) {
        q31 /= 2;
        exponent++;
    }
    if (exponent < -31)
        return (struct assay_factor){0, 0};
    if (exponent > 31)
        return (struct assay_factor){INT32_MAX, 31};
    return (struct assay_factor){(int32_t)q31, exponent};
}

struct assay_int_range assay_type_range(enum assay_tensor_type type)
{
    if (type == ASSAY_TENSOR_I16)
        return (struct assay_int_range){INT16_MIN, INT16_MAX};
    return (struct assay_int_range){INT8_MIN, INT8_MAX};
}

static int32_t quantize(float real, const struct assay_value *value)
{
    /* Far outside every type is as good as at its end: the float must fit an int32. */
    const float steps = roundf(real / assay_value_scale(value));
    return assay_value_zero(value) + (int32_t)fminf(fmaxf(steps, -1e6f), 1e6f);
}

struct assay_int_range assay_fused_int_range(enum assay_fused fused, const struct assay_value *out)
{
    struct assay_int_range range = assay_type_range(out->tensor->type);
    const struct assay_float_range real = assay_fused_float_range(fused);
    if (isfinite(real.low)) {
        const int32_t low = quantize(real.low, out);
        range.low = low > range.low ? low : range.low;
    }
    if (isfinite(real.high)) {
        const int32_t high = quantize(real.high, out);
        range.high = high < range.high ? high : range.high;
    }
    return range;
}

struct assay_float_range assay_fused_float_range(enum assay_fused fused)
{
    switch (fused) {
    case ASSAY_FUSED_RELU:
        return (struct assay_float_range){0.0f, INFINITY};
    case ASSAY_FUSED_RELU_N1_TO_1:
        return (struct assay_float_range){-1.0f, 1.0f};
    case ASSAY_FUSED_RELU6:
        return (struct assay_float_range){0.0f, 6.0f};
    default:
        return (struct assay_float_range){-INFINITY, INFINITY};
    }
}
