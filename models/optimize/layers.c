#include "models/optimize/layers.h"

#include <math.h>
#include <stdarg.h>

static bool layout_of(enum assay_operator_code code, size_t *axis, size_t *rank)
{
    *axis = code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ? 3 : 0;
    *rank = code == ASSAY_OPERATOR_FULLY_CONNECTED ? 2 : 4;
    return code == ASSAY_OPERATOR_CONV_2D || code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ||
           code == ASSAY_OPERATOR_FULLY_CONNECTED;
}

bool assay_is_float_constant(const struct assay_tensor *tensor)
{
    return tensor->type == ASSAY_TENSOR_F32 && tensor->data && !tensor->sparsity && !tensor->variable;
}

bool assay_float_layer_at(const struct assay_draft *draft, size_t at, struct assay_float_layer *layer)
{
    const struct assay_operator *op = &draft->operators[at];
    size_t rank;
    if (!layout_of(op->code, &layer->axis, &rank))
        return false;
    layer->weights = op->inputs[1];
    layer->bias = op->input_count > 2 ? op->inputs[2] : -1;
    const struct assay_tensor *weights = &draft->tensors[layer->weights];
    if (draft->tensors[op->inputs[0]].type != ASSAY_TENSOR_F32 ||
        draft->tensors[op->outputs[0]].type != ASSAY_TENSOR_F32 || !assay_is_float_constant(weights) ||
        weights->shape.rank != rank || !assay_shape_count(&weights->shape, &layer->count) || layer->count == 0)
        return false;
    layer->channels = (size_t)weights->shape.dims[layer->axis];
    if (layer->bias < 0)
        return true;
    const struct assay_tensor *bias = &draft->tensors[layer->bias];
    return assay_is_float_constant(bias) && bias->bytes == layer->channels * sizeof(float);
}

size_t assay_float_layer_channel(const struct assay_float_layer *layer, size_t i)
{
    return layer->axis == 0 ? i / (layer->count / layer->channels) : i % layer->channels;
}

int32_t assay_add_int8_weights(struct assay_draft *draft, const struct assay_float_layer *layer, size_t scales,
                               const float *scale)
{
    struct assay_tensor tensor = draft->tensors[layer->weights];
    const float *weights = tensor.data;
    int8_t *values = assay_draft_take(draft, layer->count, sizeof(*values));
    if (!values)
        return -1;
    for (size_t i = 0; i < layer->count; i++) {
        const float of_channel = scale[scales == 1 ? 0 : assay_float_layer_channel(layer, i)];
        const double q = round((double)weights[i] / (double)of_channel);
        values[i] = (int8_t)fmin(fmax(q, -127), 127);
    }
    tensor.type = ASSAY_TENSOR_I8;
    tensor.data = values;
    tensor.bytes = layer->count;
    const int32_t added = assay_draft_add_tensor(draft, &tensor);
    return added >= 0 && assay_draft_set_quantization(draft, added, scales, scale, NULL, scales == 1 ? 0 : layer->axis)
               ? added
               : -1;
}

bool assay_chosen_mode(const struct assay_draft *draft, const struct assay_layer_choice *choices, size_t at,
                       enum assay_mode *mode)
{
    if (draft->marks[at] < 0)
        return false;
    *mode = choices[draft->marks[at]].mode;
    return true;
}

bool assay_layer_mode(const struct assay_subgraph *network, const struct assay_operator *op, int32_t weights,
                      enum assay_mode *mode)
{
    static const struct {
        enum assay_tensor_type in, weights;
        enum assay_mode mode;
    } modes[] = {
        {ASSAY_TENSOR_F32, ASSAY_TENSOR_F32, ASSAY_MODE_FP32},   {ASSAY_TENSOR_F32, ASSAY_TENSOR_F16, ASSAY_MODE_FP16W},
        {ASSAY_TENSOR_F32, ASSAY_TENSOR_I8, ASSAY_MODE_HYBRID},  {ASSAY_TENSOR_I8, ASSAY_TENSOR_I8, ASSAY_MODE_INT8},
        {ASSAY_TENSOR_I16, ASSAY_TENSOR_I8, ASSAY_MODE_INT16X8},
    };
    const enum assay_tensor_type x = network->tensors[op->inputs[0]].type, w = network->tensors[weights].type;
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        if (modes[i].in != x || modes[i].weights != w)
            continue;
        *mode = modes[i].mode;
        return true;
    }
    return false;
}

void assay_note_at(const struct assay_notes *notes, const struct assay_draft *draft, size_t at, const char *format, ...)
{
    char text[ASSAY_MODEL_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    const char *name = assay_operator_name(draft->operators[at].code);
    if (draft->marks[at] >= 0)
        assay_note(notes, "operator %d (%s): %s", (int)draft->marks[at], name, text);
    else
        assay_note(notes, "a %s that was inserted: %s", name, text);
}

bool assay_pass_memory(const struct assay_draft *draft, struct assay_model_error *error)
{
    return assay_model_fail(error, "the network needs more memory than the limit of %zu bytes", draft->arena.limit);
}

/* The operator's list of inputs, of at least `count`. */
static bool lengthen(struct assay_draft *draft, size_t at, size_t count)
{
    struct assay_operator *op = &draft->operators[at];
    if (op->input_count >= count)
        return true;
    int32_t *longer = assay_draft_take(draft, count, sizeof(*longer));
    if (!longer)
        return false;
    for (size_t k = 0; k < count; k++)
        longer[k] = k < op->input_count ? op->inputs[k] : -1;
    op->inputs = longer;
    op->input_count = count;
    return true;
}

bool assay_put_floats(struct assay_draft *draft, size_t at, size_t input, const char *name,
                      const struct assay_shape *shape, const float *values)
{
    size_t count;
    if (!assay_shape_count(shape, &count) || !lengthen(draft, at, input + 1))
        return false;
    const int32_t added = assay_draft_add_tensor(
        draft,
        &(struct assay_tensor){
            .name = name, .type = ASSAY_TENSOR_F32, .shape = *shape, .data = values, .bytes = count * sizeof(*values)});
    if (added < 0)
        return false;
    assay_draft_operator_inputs(draft, at)[input] = added;
    return true;
}

void assay_absorb_user(struct assay_draft *draft, size_t at, size_t behind)
{
    assay_draft_operator_outputs(draft, at)[0] = draft->operators[behind].outputs[0];
    assay_draft_remove(draft, behind);
}
