/* f16 activations inside a layer whose input and output are f32: converted before and after, by kernels/quantize, in
 * the node's scratch. For models/ops/layer.c. */
#ifndef ASSAY_MODELS_OPS_LAYER_HALF_H
#define ASSAY_MODELS_OPS_LAYER_HALF_H

#include "models/ops/layer.h"

struct assay_layer_half;

/* Adds what it needs to the node's scratch. NULL: the error says why. */
struct assay_layer_half *assay_layer_half_make(struct assay_node *node, struct assay_arena *arena,
                                               struct assay_model_error *error);

/* Where the layer's kernel reads and writes: valid once the node has its scratch. */
const void *assay_layer_half_in(const struct assay_layer_half *half, const struct assay_node *node);
void *assay_layer_half_out(const struct assay_layer_half *half, const struct assay_node *node);

/* The node's input to f16, and the f16 output to the node's. */
void assay_layer_half_enter(const struct assay_layer_half *half, const struct assay_node *node);
void assay_layer_half_leave(const struct assay_layer_half *half, const struct assay_node *node);

#endif
