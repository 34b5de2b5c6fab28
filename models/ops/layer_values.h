/* A layer's weights as dense values, for as long as it takes to pack them. */
#ifndef ASSAY_MODELS_OPS_LAYER_VALUES_H
#define ASSAY_MODELS_OPS_LAYER_VALUES_H

#include "models/ops/op.h"

/* The constant that holds the node's weights: its input 1, or the f16 or sparse one that this stands for. */
const struct assay_tensor *assay_layer_weight_tensor(const struct assay_node *node);

struct assay_layer_values {
    const void *data; /* dense, of the constant's type */
    void *decoded;    /* the same, if it was decoded from a sparse constant; else NULL */
    size_t bytes;
};

/* False: decoding takes more than `limit` bytes, or there is no memory. */
bool assay_layer_values_take(const struct assay_node *node, size_t limit, struct assay_layer_values *values,
                             struct assay_model_error *error);
void assay_layer_values_free(struct assay_layer_values *values);

#endif
