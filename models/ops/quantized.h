/* Quantization parameters and ranges, as operators use them. Formulas: the TFLite 8-bit specification and the reference
 * kernels of TFLite Micro. */
#ifndef ASSAY_MODELS_OPS_QUANTIZED_H
#define ASSAY_MODELS_OPS_QUANTIZED_H

#include "kernels/core/fixed_point.h"
#include "models/ops/op.h"

/* Of a tensor that assay_op_quantized() passed; int8 or int16. */
static inline float assay_value_scale(const struct assay_value *value)
{
    return value->tensor->quantization.scale[0];
}

static inline int32_t assay_value_zero(const struct assay_value *value)
{
    return (int32_t)value->tensor->quantization.zero[0];
}

/* A positive real factor as a Q31 number and a power of two: what assay_rescale() takes. */
struct assay_factor {
    int32_t multiplier, shift;
};

/* To nearest. Unlike assay_fixed_point() it leaves large factors as they are: exponents up to 31. 0 and factors below
 * 2^-32 become 0; what is larger than 2^31 the largest. */
struct assay_factor assay_factor_of(double real);

static inline int32_t assay_rescale_by(int32_t x, struct assay_factor factor)
{
    return assay_rescale(x, factor.multiplier, factor.shift);
}

/* x + zero, modulo 2^32: a rescaled value may be anywhere in an int32. */
static inline int32_t assay_offset(int32_t x, int32_t zero)
{
    return (int32_t)((uint32_t)x + (uint32_t)zero);
}

/* A closed range of results. */
struct assay_int_range {
    int32_t low, high;
};
struct assay_float_range {
    float low, high;
};

/* All that the type (int8, int16) holds. */
struct assay_int_range assay_type_range(enum assay_tensor_type type);

/* The fused activation's range in the integers of `out`, whose quantization has been checked: the type's, cut at
 * zero + round(bound / scale). */
struct assay_int_range assay_fused_int_range(enum assay_fused fused, const struct assay_value *out);

/* … and in floats; [-inf, inf] without an activation. */
struct assay_float_range assay_fused_float_range(enum assay_fused fused);

static inline int32_t assay_clamp_to(int32_t x, struct assay_int_range range)
{
    return assay_clamp_int(x, range.low, range.high);
}

/* A NaN stays a NaN. */
static inline float assay_clamp_float(float x, struct assay_float_range range)
{
    return x < range.low ? range.low : x > range.high ? range.high : x;
}

#endif
