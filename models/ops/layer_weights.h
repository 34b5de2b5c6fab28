/* The constant part of a layer: from the tensors of a model file to what a kernel packs. For models/ops/layer.c. */
#ifndef ASSAY_MODELS_OPS_LAYER_WEIGHTS_H
#define ASSAY_MODELS_OPS_LAYER_WEIGHTS_H

#include "models/ops/layer.h"
#include "models/ops/layer_parts.h"
#include "models/ops/layer_values.h"

/* The node's bias; NULL if it has none. */
const struct assay_value *assay_layer_bias(const struct assay_node *node);

/* Whether any weight is -128, which symmetric quantization never makes and only the scalar references compute. */
bool assay_layer_has_lowest(const struct assay_node *node, const struct assay_layer_values *values);

/* Multiplier and shift of an integer layer's output channel. */
void assay_layer_rescale(const struct assay_node *node, const struct assay_problem *problem, size_t channel,
                         int32_t *multiplier, int32_t *shift);

/* Packs weights, bias and rescaling of a node into memory of the arena; NULL: the error says why. layer: the node's own
 * problem; part: what the kernel computes of it. */
void *assay_layer_pack(const struct assay_node *node, const struct assay_problem *layer,
                       const struct assay_layer_values *values, const struct assay_kernel *kernel,
                       const struct assay_layer_part *part, struct assay_arena *arena, struct assay_model_error *error);

#endif
