/* TFLite's sparse encoding of a constant, decoded. The dimensions are those of the shape, cut into blocks where
 * block_map says so, then those inside a block; they are stored as levels in the traversal order, the values in the
 * order of the last level. A dense level has each index of its dimension, a compressed one those that `indices` lists
 * between two neighbours of `segments`, for each position of the level above. */
#ifndef ASSAY_MODELS_OPS_SPARSE_H
#define ASSAY_MODELS_OPS_SPARSE_H

#include "models/graph/graph.h"

/* Whether the tensor is such a constant, of f32, f16 or i8, that decodes without a step outside of its arrays. */
bool assay_sparse_check(const struct assay_tensor *tensor, struct assay_model_error *error);

/* Writes all elements of the shape to `out`. The tensor passed the check. What is not stored is 0, of integers too,
 * whatever their zero point: as TFLite has it. */
void assay_sparse_decode(const struct assay_tensor *tensor, void *out);

#endif
