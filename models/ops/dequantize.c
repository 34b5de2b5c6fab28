/* DEQUANTIZE to f32: i8, i16, u8 by x = scale * (q - zero) in f32, of the tensor as a whole or per channel; f16 by
 * conversion. What kernels/quantize covers is done there. */
#include "models/ops/conversion.h"

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_counts(node, 1, 1, 1, error))
        return false;
    const struct assay_tensor *in = node->in[0]->tensor, *out = node->out[0]->tensor;
    const bool integer = in->type == ASSAY_TENSOR_I8 || in->type == ASSAY_TENSOR_I16 || in->type == ASSAY_TENSOR_U8;
    if (out->type != ASSAY_TENSOR_F32 || (!integer && in->type != ASSAY_TENSOR_F16))
        return assay_op_fail(node, error, "does not convert %s to %s", assay_tensor_type_name(in->type),
                             assay_tensor_type_name(out->type));
    if (in->sparsity)
        return assay_op_fail(node, error, "input is sparse: it needs a DENSIFY before it");
    const struct assay_tensor_quantization *q = &in->quantization;
    if (integer && q->count == 0)
        return assay_op_fail(node, error, "the input is not quantized");
    if (integer && q->count > 1 &&
        (q->axis >= node->in[0]->shape.rank || (int64_t)q->count != node->in[0]->shape.dims[q->axis]))
        return assay_op_fail(node, error, "%zu scales do not fit dimension %zu", q->count, q->axis);
    return assay_operands_shape(node, 0, &node->in[0]->shape, error);
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    struct assay_op_call *c = node->state = assay_arena_take(arena, 1, sizeof(*c));
    if (!c)
        return assay_op_fail(node, error, "out of memory");
    const struct assay_tensor *in = node->in[0]->tensor;
    struct assay_quantization quantization = {.in_scale = 1.0f, .out_scale = 1.0f};
    if (in->type == ASSAY_TENSOR_F16)
        return assay_op_conversion_prepare(node, c, ASSAY_F16_F32, quantization, NULL, NULL, arena, error);
    const int64_t zero = assay_operands_zero(node->in[0]);
    if (in->quantization.count != 1 || in->type == ASSAY_TENSOR_U8 || (in->type == ASSAY_TENSOR_I16 && zero != 0))
        return true;
    quantization.in_scale = in->quantization.scale[0];
    quantization.in_zero = (int32_t)zero;
    return assay_op_conversion_prepare(node, c, in->type == ASSAY_TENSOR_I8 ? ASSAY_I8_F32 : ASSAY_I16_F32,
                                       quantization, NULL, NULL, arena, error);
}

static bool bind(struct assay_node *node, struct assay_model_error *error)
{
    return assay_op_call_bind(node, node->state, error);
}

static void run(struct assay_node *node)
{
    const struct assay_op_call *c = node->state;
    const size_t count = assay_op_elements(node->out[0]);
    if (c->kernel) {
        assay_op_call_run(node, c);
        return;
    }
    if (count == 0)
        return;
    const struct assay_value *in = node->in[0];
    const struct assay_tensor_quantization *q = &in->tensor->quantization;
    size_t inner = count; /* elements that share a scale, one behind the other */
    for (size_t d = 0; q->count > 1 && d <= q->axis; d++)
        inner /= (size_t)in->shape.dims[d];
    const void *data = in->data;
    float *out = node->out[0]->data;
    for (size_t i = 0; i < count; i++) {
        const size_t channel = i / inner % q->count;
        const int32_t x = in->tensor->type == ASSAY_TENSOR_I8   ? ((const int8_t *)data)[i]
                          : in->tensor->type == ASSAY_TENSOR_U8 ? ((const uint8_t *)data)[i]
                                                                : ((const int16_t *)data)[i];
        out[i] = q->scale[channel] * (float)(x - (int32_t)q->zero[channel]);
    }
}

const struct assay_op_kind assay_op_DEQUANTIZE = {ASSAY_OPERATOR_DEQUANTIZE, .shape = shape, .prepare = prepare,
                                                  .bind = bind, .run = run};
