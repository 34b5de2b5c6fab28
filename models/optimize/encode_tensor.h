/* The format's encoding of a sparse constant, as TFLite's own converter lays it out: every dimension is a dense level
 * but the last, which is compressed (the blocks of a row that hold any weight); then the blocks, rows before columns,
 * dense. A fully connected layer's random, 1x4 and 1x16 weights are then what TFLite's sparse kernels read. */
#ifndef ASSAY_MODELS_OPTIMIZE_ENCODE_TENSOR_H
#define ASSAY_MODELS_OPTIMIZE_ENCODE_TENSOR_H

#include "models/graph/draft.h"

/* Blocks of `rows` along the first dimension and `columns` along the last, which they divide; 1 x 1: single weights. */
struct assay_sparse_block {
    size_t rows, columns;
};

/* The encoding of a dense constant of f32, f16 or int8, of two dimensions or more and no more than INT32_MAX elements,
 * in the draft's memory; name and quantization are the constant's. Stored is what has any bit set (-0 of floats, too),
 * and the first block even if it has none: to readers, a constant without values is no constant. False: no memory. */
bool assay_encode_tensor(struct assay_draft *draft, const struct assay_tensor *dense, struct assay_sparse_block block,
                         struct assay_tensor *sparse);

/* Bytes that an encoded constant takes in a file: values, segments and indices in the narrowest type that holds them,
 * and, at most, the tables about them. */
size_t assay_encoded_bytes(const struct assay_tensor *sparse);

#endif
