/* Dynamic range: f32 weights of a layer become int8, symmetric in [-127, 127]; whoever runs it quantizes the layer's
 * input as it comes. One scale for each output channel; but one for the whole of a FULLY_CONNECTED's weights: TFLite
 * has scales by channel there since version 12 of the operator, of 2024, and runtimes in the field are older. Biases
 * stay f32. Every layer that is chosen is converted: TFLite's converter leaves weights of less than 1024 elements as
 * they are, a rule can here. */
#include "models/optimize/layers.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { LARGEST = 127 };

/* The scale at which the largest magnitude is 127; 1 where all are zero. Below FLT_MIN, where a float has few digits
 * left or none, the weights are as good as zero: FLT_MIN. */
static float scale_of(float largest)
{
    const float scale = largest / LARGEST;
    return largest == 0 ? 1.0f : scale < FLT_MIN ? FLT_MIN : scale;
}

/* The largest magnitude for each scale. False: one is not finite. */
static bool find_largest(const struct assay_float_layer *layer, const float *weights, size_t scales, float *largest)
{
    for (size_t i = 0; i < layer->count; i++) {
        const size_t c = scales == 1 ? 0 : assay_float_layer_channel(layer, i);
        if (!isfinite(weights[i]))
            return false;
        largest[c] = fmaxf(largest[c], fabsf(weights[i]));
    }
    return true;
}

/* converted: by tensor of the network as it came, and by the dimension of channels (first, last), the int8 tensor that
 * it has become; 0: none yet. Weights that layers share in the same layout stay shared. */
static bool convert(struct assay_draft *draft, size_t at, const struct assay_float_layer *layer,
                    int32_t (*converted)[2], const struct assay_notes *notes)
{
    const size_t scales = draft->operators[at].code == ASSAY_OPERATOR_FULLY_CONNECTED ? 1 : layer->channels;
    int32_t *known = &converted[layer->weights][layer->axis != 0];
    if (*known == 0) {
        float *scale = calloc(scales, sizeof(*scale));
        if (!scale)
            return false;
        if (!find_largest(layer, draft->tensors[layer->weights].data, scales, scale)) {
            free(scale);
            assay_note_at(notes, draft, at, "stays f32: its weights are not all finite");
            return true;
        }
        for (size_t c = 0; c < scales; c++)
            scale[c] = scale_of(scale[c]);
        *known = assay_add_int8_weights(draft, layer, scales, scale);
        free(scale);
        if (*known < 0)
            return false;
    }
    assay_draft_operator_inputs(draft, at)[1] = *known;
    return true;
}

static void tell_of_others(const struct assay_draft *draft, size_t at, const struct assay_notes *notes)
{
    const struct assay_operator *op = &draft->operators[at];
    if (op->code == ASSAY_OPERATOR_BATCH_MATMUL && (assay_is_float_constant(&draft->tensors[op->inputs[0]]) ||
                                                    assay_is_float_constant(&draft->tensors[op->inputs[1]])))
        assay_note_at(notes, draft, at, "stays f32: products of matrices have no hybrid mode here");
    else if (op->code == ASSAY_OPERATOR_CONV_2D || op->code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ||
             op->code == ASSAY_OPERATOR_FULLY_CONNECTED)
        assay_note_at(notes, draft, at, "stays as it is: its weights are no dense f32 constant");
}

bool assay_convert_hybrid(struct assay_draft *draft, const struct assay_layer_choice *choices,
                          const struct assay_notes *notes, struct assay_model_error *error)
{
    int32_t(*converted)[2] = calloc(draft->tensor_count + 1, sizeof(*converted));
    bool good = converted != NULL;
    for (size_t at = 0; good && at < draft->operator_count; at++) {
        enum assay_mode mode;
        struct assay_float_layer layer;
        if (!assay_chosen_mode(draft, choices, at, &mode) || mode != ASSAY_MODE_HYBRID)
            continue;
        if (assay_float_layer_at(draft, at, &layer))
            good = convert(draft, at, &layer, converted, notes);
        else
            tell_of_others(draft, at, notes);
    }
    free(converted);
    return good || assay_pass_memory(draft, error);
}
