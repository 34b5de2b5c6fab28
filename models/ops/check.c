#include "models/ops/check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

bool(assay_op_fail)(const struct assay_node *node, struct assay_model_error *error, const char *format, ...)
{
    char text[ASSAY_MODEL_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *name = assay_operator_name(node->op->code);
    return assay_model_fail(error, "%s: %s", name ? name : "unknown operator", text);
}

bool assay_op_counts(const struct assay_node *node, size_t min, size_t max, size_t outputs,
                     struct assay_model_error *error)
{
    const size_t inputs = node->op->input_count;
    if (inputs < min || inputs > max) {
        if (min == max)
            return assay_op_fail(node, error, "%zu inputs, not %zu", inputs, min);
        return assay_op_fail(node, error, "%zu inputs, not %zu to %zu", inputs, min, max);
    }
    if (node->op->output_count != outputs)
        return assay_op_fail(node, error, "%zu outputs, not %zu", node->op->output_count, outputs);
    for (size_t i = 0; i < min; i++)
        if (!node->in[i])
            return assay_op_fail(node, error, "input %zu is absent", i);
    for (size_t i = 0; i < outputs; i++)
        if (!node->out[i])
            return assay_op_fail(node, error, "output %zu is absent", i);
    return true;
}

static const char *type_name(const struct assay_value *value)
{
    const char *name = assay_tensor_type_name(value->tensor->type);
    return name ? name : "of an unknown type";
}

bool assay_op_same_types(const struct assay_node *node, unsigned types, struct assay_model_error *error)
{
    const enum assay_tensor_type type = node->in[0]->tensor->type;
    if (!(types >> type & 1))
        return assay_op_fail(node, error, "input 0 is %s, which is not supported", type_name(node->in[0]));
    for (size_t i = 1; i < node->op->input_count; i++)
        if (node->in[i] && node->in[i]->tensor->type != type)
            return assay_op_fail(node, error, "input %zu is %s, input 0 is %s", i, type_name(node->in[i]),
                                 type_name(node->in[0]));
    for (size_t i = 0; i < node->op->output_count; i++)
        if (node->out[i]->tensor->type != type)
            return assay_op_fail(node, error, "output %zu is %s, input 0 is %s", i, type_name(node->out[i]),
                                 type_name(node->in[0]));
    return true;
}

bool assay_op_quantized(const struct assay_node *node, const struct assay_value *value, const char *what,
                        struct assay_model_error *error)
{
    const struct assay_tensor *tensor = value->tensor;
    if (!(ASSAY_TYPES_INTEGER >> tensor->type & 1))
        return true;
    const struct assay_tensor_quantization *quantization = &tensor->quantization;
    if (quantization->count != 1)
        return assay_op_fail(node, error, "%s is %s but %s", what, type_name(value),
                             quantization->count ? "quantized per channel" : "not quantized");
    const float scale = quantization->scale[0];
    if (!(scale > 0.0f) || !isfinite(scale))
        return assay_op_fail(node, error, "%s has the scale %g", what, (double)scale);
    const int64_t zero = quantization->zero[0];
    if (tensor->type == ASSAY_TENSOR_I16 ? zero != 0 : zero < INT8_MIN || zero > INT8_MAX)
        return assay_op_fail(node, error, "%s is %s with the zero point %lld", what, type_name(value), (long long)zero);
    return true;
}

bool assay_op_all_quantized(const struct assay_node *node, struct assay_model_error *error)
{
    char what[32];
    for (size_t i = 0; i < node->op->input_count; i++) {
        snprintf(what, sizeof what, "input %zu", i);
        if (node->in[i] && !assay_op_quantized(node, node->in[i], what, error))
            return false;
    }
    for (size_t i = 0; i < node->op->output_count; i++) {
        snprintf(what, sizeof what, "output %zu", i);
        if (!assay_op_quantized(node, node->out[i], what, error))
            return false;
    }
    return true;
}

bool assay_op_fixed_output(const struct assay_node *node, float scale, int64_t zero, struct assay_model_error *error)
{
    const struct assay_tensor_quantization *quantization = &node->out[0]->tensor->quantization;
    if (quantization->zero[0] != zero || fabsf(quantization->scale[0] - scale) > scale * 1e-3f)
        return assay_op_fail(
            node, error, "the output has the scale %g and the zero point %lld; the specification fixes %g and %lld",
            (double)quantization->scale[0], (long long)quantization->zero[0], (double)scale, (long long)zero);
    return true;
}

bool assay_op_unary_shape(struct assay_node *node, unsigned types, struct assay_model_error *error)
{
    if (!assay_op_counts(node, 1, 1, 1, error) || !assay_op_same_types(node, types, error) ||
        !assay_op_all_quantized(node, error))
        return false;
    node->out[0]->shape = node->in[0]->shape;
    return true;
}

bool assay_op_fused_range(const struct assay_node *node, struct assay_model_error *error)
{
    switch (node->op->fused) {
    case ASSAY_FUSED_NONE:
    case ASSAY_FUSED_RELU:
    case ASSAY_FUSED_RELU_N1_TO_1:
    case ASSAY_FUSED_RELU6:
        return true;
    case ASSAY_FUSED_TANH:
        break;
    }
    return assay_op_fail(node, error, "the fused activation (%d) is not supported", (int)node->op->fused);
}

void *assay_op_state(struct assay_node *node, struct assay_arena *arena, size_t size, struct assay_model_error *error)
{
    node->state = assay_arena_take(arena, 1, size);
    if (!node->state)
        assay_op_fail(node, error, "out of memory for %zu bytes of state", size);
    return node->state;
}

size_t assay_op_elements(const struct assay_value *value)
{
    size_t count = 0;
    return assay_shape_count(&value->shape, &count) ? count : 0;
}
