/* A CONV_2D without a bias gets one of zeros: the format lets it go without, but TFLite's interpreter refuses to
 * prepare such a layer. */
#include "models/optimize/layers.h"

bool assay_add_biases(struct assay_draft *draft, struct assay_model_error *error)
{
    for (size_t at = 0; at < draft->operator_count; at++) {
        struct assay_float_layer layer;
        if (draft->operators[at].code == ASSAY_OPERATOR_FULLY_CONNECTED || !assay_float_layer_at(draft, at, &layer) ||
            layer.bias >= 0)
            continue;
        const struct assay_shape shape = {1, {(int32_t)layer.channels}};
        const float *zeros = assay_draft_take(draft, layer.channels, sizeof(*zeros));
        const char *name = assay_draft_text(draft, "%s/bias", draft->tensors[draft->operators[at].outputs[0]].name);
        if (!zeros || !name || !assay_put_floats(draft, at, 2, name, &shape, zeros))
            return assay_pass_memory(draft, error);
    }
    return true;
}
