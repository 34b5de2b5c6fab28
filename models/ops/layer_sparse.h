/* Layers whose weights are mostly zeros: by which kernel. For models/ops/layer.c. */
#ifndef ASSAY_MODELS_OPS_LAYER_SPARSE_H
#define ASSAY_MODELS_OPS_LAYER_SPARSE_H

#include "models/ops/layer.h"

/* The layer as a problem of spmm, but for its structure: a fully connected layer, or a 1x1 convolution of stride 1
 * without padding, in a mode that spmm has. False: it is none. */
bool assay_layer_as_spmm(const struct assay_problem *layer, struct assay_problem *spmm);

/* The kernel for a layer with these dense values, of spmm if the executor's options name one of those, or if they let
 * it and it pays. Sets *chosen to what the kernel computes: the layer's problem, or it as one of spmm. NULL: the error
 * says why. */
const struct assay_kernel *assay_layer_choose(const struct assay_node *node, const struct assay_problem *layer,
                                              const void *values, struct assay_problem *chosen,
                                              struct assay_model_error *error);

#endif
