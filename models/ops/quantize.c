/* QUANTIZE: f32 to i8 or i16; between i8, i16, i32 and u8 as TFLite Micro has them, by the factor in_scale / out_scale
 * as a multiplier and a shift: q' = clamp(rescale(q - in_zero) + out_zero), with the double rounding of
 * kernels/core/fixed_point.h. Quantization of the tensor as a whole. What kernels/quantize covers is done there. */
#include "kernels/core/fixed_point.h"
#include "models/ops/conversion.h"

#include <math.h>

struct quantize {
    struct assay_op_call conversion;
    int32_t multiplier, shift;
    int32_t in_zero, out_zero;
};

static const struct {
    enum assay_tensor_type in, out;
} requantizations[] = {
    {ASSAY_TENSOR_I8, ASSAY_TENSOR_I8},   {ASSAY_TENSOR_I8, ASSAY_TENSOR_U8},   {ASSAY_TENSOR_I8, ASSAY_TENSOR_I16},
    {ASSAY_TENSOR_I8, ASSAY_TENSOR_I32},  {ASSAY_TENSOR_U8, ASSAY_TENSOR_I8},   {ASSAY_TENSOR_I16, ASSAY_TENSOR_I8},
    {ASSAY_TENSOR_I16, ASSAY_TENSOR_I16}, {ASSAY_TENSOR_I16, ASSAY_TENSOR_I32}, {ASSAY_TENSOR_I32, ASSAY_TENSOR_I8},
    {ASSAY_TENSOR_I32, ASSAY_TENSOR_I16},
};

static bool is_known(enum assay_tensor_type in, enum assay_tensor_type out)
{
    if (in == ASSAY_TENSOR_F32)
        return out == ASSAY_TENSOR_I8 || out == ASSAY_TENSOR_I16;
    for (size_t i = 0; i < sizeof(requantizations) / sizeof(requantizations[0]); i++) {
        if (requantizations[i].in == in && requantizations[i].out == out)
            return true;
    }
    return false;
}

/* Like assay_fixed_point(), which ends at shift 7: from i8 to i16 the factor may well be 256. */
static void factor_of(const struct assay_node *node, int32_t *multiplier, int32_t *shift)
{
    const double real =
        (double)node->in[0]->tensor->quantization.scale[0] / (double)node->out[0]->tensor->quantization.scale[0];
    int exponent;
    int64_t q31 = llround(frexp(real, &exponent) * 2147483648.0);
    if (q31 == INT64_C(1) << 31) {
        q31 /= 2;
        exponent++;
    }
    *multiplier = exponent < -31 ? 0 : (int32_t)q31;
    *shift = exponent < -31 ? 0 : exponent;
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_counts(node, 1, 1, 1, error))
        return false;
    const struct assay_tensor *in = node->in[0]->tensor, *out = node->out[0]->tensor;
    if (!is_known(in->type, out->type))
        return assay_op_fail(node, error, "does not convert %s to %s", assay_tensor_type_name(in->type),
                             assay_tensor_type_name(out->type));
    if (in->sparsity)
        return assay_op_fail(node, error, "input is sparse: it needs a DENSIFY before it");
    if (out->quantization.count != 1 || (in->type != ASSAY_TENSOR_F32 && in->quantization.count != 1))
        return assay_op_fail(node, error, "takes one scale for a tensor as a whole");
    if (in->type != ASSAY_TENSOR_F32) {
        int32_t multiplier, shift;
        factor_of(node, &multiplier, &shift);
        if (shift > 30)
            return assay_op_fail(node, error, "scales %g and %g are too far apart", (double)in->quantization.scale[0],
                                 (double)out->quantization.scale[0]);
    }
    return assay_operands_shape(node, 0, &node->in[0]->shape, error);
}

/* The conversion that kernels/quantize has for it; its contract knows i16 with zero point 0, and shifts to 7. */
static bool kernel_conversion(const struct assay_node *node, const struct quantize *q, enum assay_conversion *result)
{
    const enum assay_tensor_type in = node->in[0]->tensor->type, out = node->out[0]->tensor->type;
    const bool wide = out == ASSAY_TENSOR_I16;
    if (wide && (q->out_zero != 0 || (in == ASSAY_TENSOR_I16 && q->in_zero != 0)))
        return false;
    if (in == ASSAY_TENSOR_F32)
        *result = wide ? ASSAY_F32_I16 : ASSAY_F32_I8;
    else if (in == out && q->shift <= 7)
        *result = wide ? ASSAY_I16_I16 : ASSAY_I8_I8;
    else
        return false;
    return true;
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    struct quantize *q = node->state = assay_arena_take(arena, 1, sizeof(*q));
    if (!q)
        return assay_op_fail(node, error, "out of memory");
    const bool real = node->in[0]->tensor->type == ASSAY_TENSOR_F32;
    q->in_zero = real ? 0 : (int32_t)assay_operands_zero(node->in[0]);
    q->out_zero = (int32_t)assay_operands_zero(node->out[0]);
    if (!real)
        factor_of(node, &q->multiplier, &q->shift);
    enum assay_conversion conversion;
    if (!kernel_conversion(node, q, &conversion))
        return true;
    const float out_scale = node->out[0]->tensor->quantization.scale[0];
    const struct assay_quantization quantization = {
        .in_scale = real ? 1.0f : node->in[0]->tensor->quantization.scale[0],
        .out_scale = out_scale,
        .in_zero = q->in_zero,
        .out_zero = q->out_zero,
    };
    return assay_op_conversion_prepare(node, &q->conversion, conversion, quantization, real ? NULL : &q->multiplier,
                                       real ? NULL : &q->shift, arena, error);
}

static bool bind(struct assay_node *node, struct assay_model_error *error)
{
    const struct quantize *q = node->state;
    return assay_op_call_bind(node, &q->conversion, error);
}

static int32_t load(enum assay_tensor_type type, const void *data, size_t i)
{
    switch (type) {
    case ASSAY_TENSOR_I8:
        return ((const int8_t *)data)[i];
    case ASSAY_TENSOR_U8:
        return ((const uint8_t *)data)[i];
    case ASSAY_TENSOR_I16:
        return ((const int16_t *)data)[i];
    default:
        return ((const int32_t *)data)[i];
    }
}

static int32_t cut(int64_t x, int32_t low, int32_t high)
{
    return x < low ? low : x > high ? high : (int32_t)x;
}

static void store(enum assay_tensor_type type, void *data, size_t i, int64_t x)
{
    switch (type) {
    case ASSAY_TENSOR_I8:
        ((int8_t *)data)[i] = (int8_t)cut(x, INT8_MIN, INT8_MAX);
        break;
    case ASSAY_TENSOR_U8:
        ((uint8_t *)data)[i] = (uint8_t)cut(x, 0, UINT8_MAX);
        break;
    case ASSAY_TENSOR_I16:
        ((int16_t *)data)[i] = (int16_t)cut(x, INT16_MIN, INT16_MAX);
        break;
    default:
        ((int32_t *)data)[i] = cut(x, INT32_MIN, INT32_MAX);
    }
}

/* f32 to i16 with a zero point, which the kernels' contract does not know: their formula. */
static int64_t from_real(float x, float scale)
{
    const float rounded = roundf(x / scale), limit = 131072.0f; /* beyond any i16 less any zero point */
    return rounded > -limit ? (int64_t)(rounded < limit ? rounded : limit) : -(int64_t)limit;
}

static void run(struct assay_node *node)
{
    const struct quantize *q = node->state;
    if (q->conversion.kernel) {
        assay_op_call_run(node, &q->conversion);
        return;
    }
    const size_t count = assay_op_elements(node->out[0]);
    const enum assay_tensor_type in = node->in[0]->tensor->type, out = node->out[0]->tensor->type;
    const float scale = node->out[0]->tensor->quantization.scale[0];
    for (size_t i = 0; i < count; i++) {
        int64_t x;
        if (in == ASSAY_TENSOR_F32) {
            x = from_real(((const float *)node->in[0]->data)[i], scale);
        } else { /* i32 less its zero point: modulo 2^32, as the reference comes out */
            const uint32_t real = (uint32_t)load(in, node->in[0]->data, i) - (uint32_t)q->in_zero;
            x = assay_rescale((int32_t)real, q->multiplier, q->shift);
        }
        store(out, node->out[0]->data, i, x + q->out_zero);
    }
}

const struct assay_op_kind assay_op_QUANTIZE = {ASSAY_OPERATOR_QUANTIZE, .shape = shape, .prepare = prepare,
                                                .bind = bind, .run = run};
