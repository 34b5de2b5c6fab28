/* What passes ask of the operators of a draft, above all of layers with weights: CONV_2D, DEPTHWISE_CONV_2D,
 * FULLY_CONNECTED. */
#ifndef ASSAY_MODELS_OPTIMIZE_LAYERS_H
#define ASSAY_MODELS_OPTIMIZE_LAYERS_H

#include "models/optimize/passes.h"

struct assay_float_layer {
    int32_t weights, bias;  /* tensors; bias -1: it has none */
    size_t axis;            /* the weights' dimension of output channels */
    size_t channels, count; /* output channels; elements of the weights */
};

/* Whether operator `at` is a layer with f32 input and output, weights that are a dense f32 constant of the rank the
 * operator wants, and a bias of one f32 constant a channel, or none. */
bool assay_float_layer_at(const struct assay_draft *draft, size_t at, struct assay_float_layer *layer);

/* The output channel that element i of the weights belongs to. */
size_t assay_float_layer_channel(const struct assay_float_layer *layer, size_t i);

/* int8 weights like those of the layer, round(w / scale) in [-127, 127], of one scale for all or one for each output
 * channel: a new tensor of their name and shape. -1: no memory. */
int32_t assay_add_int8_weights(struct assay_draft *draft, const struct assay_float_layer *layer, size_t scales,
                               const float *scale);

/* A constant of f32 that is stored dense and does not change from run to run. */
bool assay_is_float_constant(const struct assay_tensor *tensor);

/* The mode chosen for operator `at`; false: the operator was inserted, and nobody chose. */
bool assay_chosen_mode(const struct assay_draft *draft, const struct assay_layer_choice *choices, size_t at,
                       enum assay_mode *mode);

/* What a layer of a graph with these weights (assay_operator_facts) computes in. False: none of the modes. */
bool assay_layer_mode(const struct assay_subgraph *network, const struct assay_operator *op, int32_t weights,
                      enum assay_mode *mode);

/* "operator 7 (CONV_2D): " by the number that it has in the network as it was read, and the message. */
__attribute__((format(printf, 4, 5))) void
assay_note_at(const struct assay_notes *notes, const struct assay_draft *draft, size_t at, const char *format, ...);

/* The draft's memory does not suffice. Returns false. */
bool assay_pass_memory(const struct assay_draft *draft, struct assay_model_error *error);

/* Input `input` of operator `at` becomes a constant of f32; an operator with fewer inputs gets so many. `name` and
 * `values` must outlive the draft. False: no memory. */
bool assay_put_floats(struct assay_draft *draft, size_t at, size_t input, const char *name,
                      const struct assay_shape *shape, const float *values);

/* Operator `at` gives what its only user `behind` gave, which goes. */
void assay_absorb_user(struct assay_draft *draft, size_t at, size_t behind);

#endif
