/* What is left of batch normalization when a network is stored: y = x * scale + shift, channel by channel, behind a
 * layer that is linear. The layer can do it: (w x + b) * scale + shift = (w * scale) x + (b * scale + shift). */
#include "models/optimize/layers.h"

#include <math.h>

/* y = x * scale + shift of the operator behind the layer: one number, or one a channel. */
struct affine {
    size_t user, constant_index;
    const float *values;
    size_t count;
    enum assay_operator_code code;
};

static double scale_of(const struct affine *a, size_t channel)
{
    if (a->code == ASSAY_OPERATOR_MUL)
        return (double)a->values[a->count == 1 ? 0 : channel];
    return a->code == ASSAY_OPERATOR_SUB && a->constant_index == 0 ? -1.0 : 1.0;
}

static double shift_of(const struct affine *a, size_t channel)
{
    if (a->code == ASSAY_OPERATOR_MUL)
        return 0.0;
    const double value = (double)a->values[a->count == 1 ? 0 : channel];
    return a->code == ASSAY_OPERATOR_SUB && a->constant_index == 1 ? -value : value;
}

/* A number, or one for each of the channels, which are the last dimension; and no more dimensions than the layer's
 * output has. */
static bool is_by_channel(const struct assay_tensor *constant, size_t channels, size_t rank)
{
    const struct assay_shape *shape = &constant->shape;
    if (!assay_is_float_constant(constant) || shape->rank > rank)
        return false;
    for (size_t i = 0; i + 1 < shape->rank; i++)
        if (shape->dims[i] != 1)
            return false;
    return shape->rank == 0 || shape->dims[shape->rank - 1] == 1 || (size_t)shape->dims[shape->rank - 1] == channels;
}

static size_t output_rank(const struct assay_draft *draft, const struct assay_operator *op)
{
    if (op->code != ASSAY_OPERATOR_FULLY_CONNECTED)
        return 4;
    return op->fully_connected.keep_dims ? draft->tensors[op->inputs[0]].shape.rank : 2;
}

/* The operator behind the layer `at` that the layer can do as well. */
static bool find_affine(const struct assay_draft *draft, size_t at, const struct assay_float_layer *layer,
                        struct affine *a)
{
    const struct assay_operator *op = &draft->operators[at];
    a->user = assay_draft_only_user(draft, op->outputs[0]);
    if (op->fused != ASSAY_FUSED_NONE || a->user == draft->operator_count)
        return false;
    const struct assay_operator *user = &draft->operators[a->user];
    a->code = user->code;
    if ((a->code != ASSAY_OPERATOR_MUL && a->code != ASSAY_OPERATOR_ADD && a->code != ASSAY_OPERATOR_SUB) ||
        user->fused == ASSAY_FUSED_TANH || draft->tensors[user->outputs[0]].type != ASSAY_TENSOR_F32)
        return false;
    a->constant_index = user->inputs[0] == op->outputs[0];
    const struct assay_tensor *constant = &draft->tensors[user->inputs[a->constant_index]];
    if (!is_by_channel(constant, layer->channels, output_rank(draft, op)))
        return false;
    a->values = constant->data;
    a->count = constant->bytes / sizeof(float);
    return true;
}

static bool to_float(double value, float *result)
{
    *result = (float)value;
    return isfinite(*result);
}

/* The name of a changed copy: others may use the constant as it was. */
static const char *name_of_copy(struct assay_draft *draft, size_t at, int32_t tensor)
{
    const char *name = draft->tensors[tensor].name;
    return assay_draft_uses(draft, tensor) == 1
               ? name
               : assay_draft_text(draft, "%s/folded/%s", name, draft->tensors[draft->operators[at].outputs[0]].name);
}

static bool put_bias(struct assay_draft *draft, size_t at, const struct assay_float_layer *layer, const float *bias)
{
    const char *name = layer->bias >= 0
                           ? name_of_copy(draft, at, layer->bias)
                           : assay_draft_text(draft, "%s/bias", draft->tensors[draft->operators[at].outputs[0]].name);
    const struct assay_shape shape = {1, {(int32_t)layer->channels}};
    return name && assay_put_floats(draft, at, 2, name, &shape, bias);
}

static bool put_weights(struct assay_draft *draft, size_t at, const struct assay_float_layer *layer,
                        const float *weights)
{
    const char *name = name_of_copy(draft, at, layer->weights);
    const struct assay_shape shape = draft->tensors[layer->weights].shape;
    return name && assay_put_floats(draft, at, 1, name, &shape, weights);
}

/* The layer's new numbers. False: one of them is not finite. `weights` may be NULL: they stay. */
static bool work_out(const struct assay_draft *draft, const struct assay_float_layer *layer, const struct affine *a,
                     float *weights, float *bias)
{
    const float *old_weights = draft->tensors[layer->weights].data;
    const float *old_bias = layer->bias < 0 ? NULL : draft->tensors[layer->bias].data;
    for (size_t c = 0; c < layer->channels; c++)
        if (!to_float((old_bias ? (double)old_bias[c] : 0.0) * scale_of(a, c) + shift_of(a, c), &bias[c]))
            return false;
    for (size_t i = 0; weights && i < layer->count; i++)
        if (!to_float((double)old_weights[i] * scale_of(a, assay_float_layer_channel(layer, i)), &weights[i]))
            return false;
    return true;
}

/* *folded: the operator behind the layer is gone. False: no memory. */
static bool fold(struct assay_draft *draft, size_t at, const struct assay_notes *notes, bool *folded)
{
    struct assay_float_layer layer;
    struct affine a;
    *folded = false;
    if (!assay_float_layer_at(draft, at, &layer) || !find_affine(draft, at, &layer, &a))
        return true;
    const bool scales = a.code == ASSAY_OPERATOR_MUL || (a.code == ASSAY_OPERATOR_SUB && a.constant_index == 0);
    float *bias = assay_draft_take(draft, layer.channels, sizeof(*bias));
    float *weights = scales ? assay_draft_take(draft, layer.count, sizeof(*weights)) : NULL;
    if (!bias || (scales && !weights))
        return false;
    if (!work_out(draft, &layer, &a, weights, bias)) {
        assay_note_at(notes, draft, a.user,
                      "stays: folded into the layer before it, it would make numbers that f32 "
                      "cannot hold");
        return true;
    }
    if ((scales && !put_weights(draft, at, &layer, weights)) || !put_bias(draft, at, &layer, bias))
        return false;
    draft->operators[at].fused = draft->operators[a.user].fused;
    assay_absorb_user(draft, at, a.user);
    *folded = true;
    return true;
}

bool assay_fold_batch_norm(struct assay_draft *draft, const struct assay_notes *notes, struct assay_model_error *error)
{
    for (size_t at = 0; at < draft->operator_count; at++)
        for (bool folded = true; folded;)
            if (!fold(draft, at, notes, &folded))
                return assay_pass_memory(draft, error);
    return true;
}
