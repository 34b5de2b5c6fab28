#include "models/optimize/integer_layer.h"

#include <math.h>
#include <string.h>

static bool is_finite(const struct assay_tensor *tensor)
{
    const float *values = tensor->data;
    for (size_t i = 0; i < tensor->bytes / sizeof(*values); i++)
        if (!isfinite(values[i]))
            return false;
    return true;
}

static bool is_real_constant(const struct assay_tensor *tensor)
{
    return tensor->type == ASSAY_TENSOR_F32 && tensor->data && !tensor->sparsity && !tensor->variable;
}

static const struct assay_tensor *bias_of(const struct assay_draft *draft, const struct assay_operator *op)
{
    return op->input_count > 2 && op->inputs[2] >= 0 ? &draft->tensors[op->inputs[2]] : NULL;
}

static size_t channel_axis(const struct assay_operator *op)
{
    return op->code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ? 3 : 0;
}

/* Channels, and elements of a channel that follow each other. */
struct layout {
    size_t count, channels, run;
};

static struct layout layout_of(const struct assay_draft *draft, const struct assay_operator *op)
{
    const struct assay_shape *shape = &draft->tensors[op->inputs[1]].shape;
    struct layout l = {.channels = (size_t)shape->dims[channel_axis(op)], .run = 1};
    assay_shape_count(shape, &l.count);
    for (size_t d = channel_axis(op) + 1; d < shape->rank; d++)
        l.run *= (size_t)shape->dims[d];
    return l;
}

const char *assay_integer_layer_unfit(const struct assay_draft *draft, const struct assay_operator *op)
{
    const struct assay_tensor *weights = op->inputs[1] < 0 ? NULL : &draft->tensors[op->inputs[1]];
    const struct assay_tensor *bias = bias_of(draft, op);
    size_t count;
    if (!weights || !is_real_constant(weights))
        return "its weights are no dense constant of f32";
    if (bias && !is_real_constant(bias))
        return "its bias is no constant of f32";
    if (weights->shape.rank <= channel_axis(op) || !assay_shape_count(&weights->shape, &count) || count == 0)
        return "its weights are empty, or of too few dimensions";
    if (!is_finite(weights) || (bias && !is_finite(bias)))
        return "its weights or bias hold NaN or infinity";
    if (bias && bias->bytes / sizeof(float) != layout_of(draft, op).channels)
        return "its bias has not one number for each output channel";
    return NULL;
}

size_t assay_integer_layer_scale_count(const struct assay_draft *draft, const struct assay_operator *op)
{
    return op->code == ASSAY_OPERATOR_FULLY_CONNECTED ? 1 : layout_of(draft, op).channels;
}

void assay_integer_layer_scales(const struct assay_draft *draft, const struct assay_operator *op,
                                enum assay_tensor_type type, float in_scale, float out_scale, float *scales)
{
    const struct layout l = layout_of(draft, op);
    const size_t count = assay_integer_layer_scale_count(draft, op);
    const float *weights = draft->tensors[op->inputs[1]].data;
    const struct assay_tensor *bias = bias_of(draft, op);
    const double largest_bias = type == ASSAY_TENSOR_I16 ? 0x1p46 : 0x1p30;
    const double least = fmax((double)out_scale / (double)in_scale * 0x1p-24, 1e-20);
    for (size_t c = 0; c < count; c++)
        scales[c] = (float)least;
    for (size_t i = 0; i < l.count;)
        for (size_t c = 0; c < l.channels; c++)
            for (size_t end = i + l.run; i < end; i++) {
                float *scale = &scales[count == 1 ? 0 : c];
                *scale = fmaxf(*scale, fabsf(weights[i]) / 127);
            }
    for (size_t c = 0; bias && c < l.channels; c++) {
        float *scale = &scales[count == 1 ? 0 : c];
        const double magnitude = fabs((double)((const float *)bias->data)[c]);
        *scale = fmaxf(*scale, (float)(magnitude / ((double)in_scale * largest_bias)));
    }
}

/* The constant's own name, unless another operator goes on with the floats. */
static const char *name_of(struct assay_draft *draft, int32_t tensor)
{
    const char *name = draft->tensors[tensor].name;
    return assay_draft_uses(draft, tensor) > 1 ? assay_draft_text(draft, "%s_int8", name) : name;
}

static int32_t add_weights(struct assay_draft *draft, const struct assay_operator *op, const float *scales)
{
    const struct layout l = layout_of(draft, op);
    const size_t count = assay_integer_layer_scale_count(draft, op);
    const float *from = draft->tensors[op->inputs[1]].data;
    int8_t *to = assay_draft_take(draft, l.count, sizeof(*to));
    const char *name = name_of(draft, op->inputs[1]);
    if (!to || !name)
        return -1;
    for (size_t i = 0; i < l.count; i++) {
        const float scale = scales[i / l.run % l.channels % count];
        to[i] = (int8_t)fminf(fmaxf(roundf(from[i] / scale), -127), 127);
    }
    const struct assay_tensor weights = {.name = name,
                                         .type = ASSAY_TENSOR_I8,
                                         .shape = draft->tensors[op->inputs[1]].shape,
                                         .data = to,
                                         .bytes = l.count};
    const int32_t tensor = assay_draft_add_tensor(draft, &weights);
    return tensor >= 0 && assay_draft_set_quantization(draft, tensor, count, scales, NULL, channel_axis(op)) ? tensor
                                                                                                             : -1;
}

/* Of zeros where int16x8 has none: without one its reference kernels sum in 32 bits, which overflow. */
static int32_t add_bias(struct assay_draft *draft, const struct assay_operator *op, enum assay_tensor_type type,
                        const float *weight_scales, float in_scale)
{
    const struct assay_tensor *bias = bias_of(draft, op);
    const size_t channels = layout_of(draft, op).channels, count = assay_integer_layer_scale_count(draft, op);
    const bool wide = type == ASSAY_TENSOR_I16;
    const size_t size = wide ? sizeof(int64_t) : sizeof(int32_t);
    float *scales = assay_draft_take(draft, count, sizeof(*scales));
    char *to = assay_draft_take(draft, channels, size);
    const char *name =
        bias ? name_of(draft, op->inputs[2]) : assay_draft_text(draft, "%s_bias", draft->tensors[op->outputs[0]].name);
    if (!scales || !to || !name)
        return -1;
    for (size_t c = 0; c < count; c++)
        scales[c] = (float)((double)in_scale * (double)weight_scales[c]);
    for (size_t c = 0; bias && c < channels; c++) {
        const int64_t q = llround((double)((const float *)bias->data)[c] / (double)scales[c % count]);
        const int32_t narrow = (int32_t)q;
        memcpy(to + c * size, wide ? (const void *)&q : (const void *)&narrow, size);
    }
    const struct assay_tensor tensor = {.name = name,
                                        .type = wide ? ASSAY_TENSOR_I64 : ASSAY_TENSOR_I32,
                                        .shape = bias ? bias->shape : (struct assay_shape){1, {(int32_t)channels}},
                                        .data = to,
                                        .bytes = channels * size};
    const int32_t added = assay_draft_add_tensor(draft, &tensor);
    return added >= 0 && assay_draft_set_quantization(draft, added, count, scales, NULL, 0) ? added : -1;
}

bool assay_integer_layer_convert(struct assay_draft *draft, size_t at, enum assay_tensor_type type, float in_scale,
                                 float out_scale)
{
    const struct assay_operator *op = &draft->operators[at];
    float *scales = assay_draft_take(draft, assay_integer_layer_scale_count(draft, op), sizeof(*scales));
    int32_t *inputs = assay_draft_take(draft, 3, sizeof(*inputs));
    if (!scales || !inputs)
        return false;
    assay_integer_layer_scales(draft, op, type, in_scale, out_scale, scales);
    const bool biased = bias_of(draft, op) || type == ASSAY_TENSOR_I16;
    inputs[0] = op->inputs[0];
    inputs[1] = add_weights(draft, op, scales);
    inputs[2] = biased ? add_bias(draft, op, type, scales, in_scale) : -1;
    if (inputs[1] < 0 || (biased && inputs[2] < 0))
        return false;
    draft->operators[at].inputs = inputs;
    if (biased)
        draft->operators[at].input_count = 3;
    return true;
}
