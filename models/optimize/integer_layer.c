#include "models/optimize/integer_layer.h"

#include <math.h>
#include <string.h>

static bool is_finite(const struct assay_draft *draft, int32_t constant)
{
    const struct assay_tensor *tensor = &draft->tensors[constant];
    const float *values = tensor->data;
    for (size_t i = 0; i < tensor->bytes / sizeof(*values); i++)
        if (!isfinite(values[i]))
            return false;
    return true;
}

const char *assay_integer_layer_unfit(const struct assay_draft *draft, size_t at, struct assay_float_layer *layer)
{
    if (!assay_float_layer_at(draft, at, layer))
        return "its weights and bias are no dense constants of f32";
    return is_finite(draft, layer->weights) && (layer->bias < 0 || is_finite(draft, layer->bias))
               ? NULL
               : "its weights or bias hold NaN or infinity";
}

/* Of an operator that was found fit. */
static struct assay_float_layer layer_at(const struct assay_draft *draft, size_t at)
{
    struct assay_float_layer layer = {0};
    return assay_float_layer_at(draft, at, &layer) ? layer : (struct assay_float_layer){0};
}

static size_t scale_count(const struct assay_draft *draft, size_t at, const struct assay_float_layer *layer)
{
    return draft->operators[at].code == ASSAY_OPERATOR_FULLY_CONNECTED ? 1 : layer->channels;
}

size_t assay_integer_layer_scale_count(const struct assay_draft *draft, size_t at)
{
    const struct assay_float_layer layer = layer_at(draft, at);
    return scale_count(draft, at, &layer);
}

void assay_integer_layer_scales(const struct assay_draft *draft, size_t at, enum assay_tensor_type type, float in_scale,
                                float out_scale, float *scales)
{
    const struct assay_float_layer layer = layer_at(draft, at);
    const size_t count = scale_count(draft, at, &layer);
    const float *weights = draft->tensors[layer.weights].data;
    const float *bias = layer.bias < 0 ? NULL : draft->tensors[layer.bias].data;
    const double largest_bias = type == ASSAY_TENSOR_I16 ? 0x1p46 : 0x1p30;
    const double least = fmax((double)out_scale / (double)in_scale * 0x1p-24, 1e-20);
    for (size_t c = 0; c < count; c++)
        scales[c] = (float)least;
    for (size_t i = 0; i < layer.count; i++) {
        float *scale = &scales[count == 1 ? 0 : assay_float_layer_channel(&layer, i)];
        *scale = fmaxf(*scale, fabsf(weights[i]) / 127);
    }
    for (size_t c = 0; bias && c < layer.channels; c++) {
        float *scale = &scales[count == 1 ? 0 : c];
        *scale = fmaxf(*scale, (float)(fabs((double)bias[c]) / ((double)in_scale * largest_bias)));
    }
}

/* The constant's own name, unless another operator goes on with the floats. */
static const char *name_of(struct assay_draft *draft, int32_t tensor)
{
    const char *name = draft->tensors[tensor].name;
    return assay_draft_uses(draft, tensor) > 1 ? assay_draft_text(draft, "%s_int8", name) : name;
}

static int32_t add_weights(struct assay_draft *draft, const struct assay_float_layer *layer, size_t count,
                           const float *scales)
{
    const char *name = name_of(draft, layer->weights);
    const int32_t added = name ? assay_add_int8_weights(draft, layer, count, scales) : -1;
    if (added >= 0)
        draft->tensors[added].name = name;
    return added;
}

/* Of zeros where there is none. */
static int32_t add_bias(struct assay_draft *draft, size_t at, const struct assay_float_layer *layer, bool wide,
                        size_t count, const float *scales)
{
    const struct assay_tensor *bias = layer->bias < 0 ? NULL : &draft->tensors[layer->bias];
    const size_t size = wide ? sizeof(int64_t) : sizeof(int32_t);
    char *to = assay_draft_take(draft, layer->channels, size);
    const char *name = bias ? name_of(draft, layer->bias)
                            : assay_draft_text(draft, "%s/bias", draft->tensors[draft->operators[at].outputs[0]].name);
    if (!to || !name)
        return -1;
    for (size_t c = 0; bias && c < layer->channels; c++) {
        const int64_t q = llround((double)((const float *)bias->data)[c] / (double)scales[count == 1 ? 0 : c]);
        const int32_t narrow = (int32_t)q;
        memcpy(to + c * size, wide ? (const void *)&q : (const void *)&narrow, size);
    }
    const struct assay_tensor tensor = {
        .name = name,
        .type = wide ? ASSAY_TENSOR_I64 : ASSAY_TENSOR_I32,
        .shape = bias ? bias->shape : (struct assay_shape){1, {(int32_t)layer->channels}},
        .data = to,
        .bytes = layer->channels * size,
    };
    const int32_t added = assay_draft_add_tensor(draft, &tensor);
    return added >= 0 && assay_draft_set_quantization(draft, added, count, scales, NULL, 0) ? added : -1;
}

bool assay_integer_layer_convert(struct assay_draft *draft, size_t at, enum assay_tensor_type type, float in_scale,
                                 float out_scale)
{
    const struct assay_float_layer layer = layer_at(draft, at);
    const size_t count = scale_count(draft, at, &layer);
    float *scales = assay_draft_take(draft, count, sizeof(*scales));
    int32_t *inputs = assay_draft_take(draft, 3, sizeof(*inputs));
    if (!scales || !inputs)
        return false;
    assay_integer_layer_scales(draft, at, type, in_scale, out_scale, scales);
    /* int16x8 has a bias always: without one its reference kernels sum in 32 bits, which overflow. */
    const bool wide = type == ASSAY_TENSOR_I16, biased = layer.bias >= 0 || wide;
    inputs[0] = draft->operators[at].inputs[0];
    inputs[1] = add_weights(draft, &layer, count, scales);
    for (size_t c = 0; c < count; c++)
        scales[c] = (float)((double)in_scale * (double)scales[c]);
    inputs[2] = biased ? add_bias(draft, at, &layer, wide, count, scales) : -1;
    if (inputs[1] < 0 || (biased && inputs[2] < 0))
        return false;
    draft->operators[at].inputs = inputs;
    if (biased)
        draft->operators[at].input_count = 3;
    return true;
}
