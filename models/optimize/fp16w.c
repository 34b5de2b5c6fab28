/* float16 parameters: every f32 constant of an operator, biases too and of whatever size, becomes f16 behind a
 * DEQUANTIZE, which is how TFLite's converter writes them. Runtimes expand them as they load, or compute with them as
 * they are. */
#include "models/optimize/layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool fits(const struct assay_tensor *tensor)
{
    const float *values = tensor->data;
    for (size_t i = 0; i < tensor->bytes / sizeof(*values); i++)
        if (isfinite(values[i]) && !isfinite((float)(assay_f16)values[i]))
            return false;
    return true;
}

static bool is_convertible(const struct assay_draft *draft, int32_t tensor)
{
    return tensor >= 0 && assay_is_float_constant(&draft->tensors[tensor]) && draft->tensors[tensor].bytes > 0;
}

/* The first of an operator's constants that has a number beyond f16's; -1: all fit. */
static int32_t find_misfit(const struct assay_draft *draft, const struct assay_operator *op)
{
    for (size_t k = 0; k < op->input_count; k++)
        if (is_convertible(draft, op->inputs[k]) && !fits(&draft->tensors[op->inputs[k]]))
            return op->inputs[k];
    return -1;
}

/* Puts a DEQUANTIZE of the constant's f16 before operator `at`; its output, or -1 without memory. */
static int32_t expand(struct assay_draft *draft, size_t at, int32_t tensor)
{
    struct assay_tensor half = draft->tensors[tensor], whole = half;
    const float *values = half.data;
    const size_t count = half.bytes / sizeof(*values);
    assay_f16 *halves = assay_draft_take(draft, count, sizeof(*halves));
    whole.name = assay_draft_text(draft, "%s_dequantize", half.name);
    if (!halves || !whole.name)
        return -1;
    for (size_t i = 0; i < count; i++)
        halves[i] = (assay_f16)values[i]; /* to the nearest, ties to even; small numbers become denormal */
    half.type = ASSAY_TENSOR_F16;
    half.data = halves;
    half.bytes = count * sizeof(*halves);
    whole.data = NULL;
    whole.bytes = 0;
    const int32_t input = assay_draft_add_tensor(draft, &half), output = assay_draft_add_tensor(draft, &whole);
    const struct assay_operator op = {.code = ASSAY_OPERATOR_DEQUANTIZE,
                                      .version = 1,
                                      .input_count = 1,
                                      .output_count = 1,
                                      .inputs = &input,
                                      .outputs = &output};
    return input >= 0 && output >= 0 && assay_draft_insert(draft, at, &op) ? output : -1;
}

/* expanded: by tensor of the network as it came, the output of the DEQUANTIZE that it has become, 0 if it has not
 * (tensor 0 was there before). Operators that share a constant share that. *at moves with the operator, as others come
 * before it. */
static bool convert(struct assay_draft *draft, size_t *at, int32_t *expanded)
{
    for (size_t k = 0; k < draft->operators[*at].input_count; k++) {
        const int32_t tensor = draft->operators[*at].inputs[k];
        if (!is_convertible(draft, tensor))
            continue;
        if (expanded[tensor] == 0) {
            expanded[tensor] = expand(draft, *at, tensor);
            if (expanded[tensor] < 0)
                return false;
            ++*at;
        }
        assay_draft_operator_inputs(draft, *at)[k] = expanded[tensor];
    }
    return true;
}

bool assay_convert_fp16w(struct assay_draft *draft, const struct assay_layer_choice *choices,
                         const struct assay_notes *notes, struct assay_model_error *error)
{
    int32_t *expanded = calloc(draft->tensor_count + 1, sizeof(*expanded));
    bool good = expanded != NULL;
    for (size_t at = 0; good && at < draft->operator_count; at++) {
        enum assay_mode mode;
        if (!assay_chosen_mode(draft, choices, at, &mode) || mode != ASSAY_MODE_FP16W)
            continue;
        const int32_t misfit = find_misfit(draft, &draft->operators[at]);
        if (misfit >= 0)
            assay_note_at(notes, draft, at, "stays f32: %.80s has numbers beyond f16's largest, 65504",
                          draft->tensors[misfit].name);
        else
            good = convert(draft, &at, expanded);
    }
    free(expanded);
    return good || assay_pass_memory(draft, error);
}
