/* A layer in parts that threads compute at the same time. For models/ops/layer.c. */
#ifndef ASSAY_MODELS_OPS_LAYER_PARTS_H
#define ASSAY_MODELS_OPS_LAYER_PARTS_H

#include "kernels/core/kernel.h"

struct assay_layer_part {
    struct assay_problem problem;
    size_t in, out;       /* bytes from the beginning of the layer's input and output to the part's */
    size_t first_channel; /* the layer's output channel that is the part's first */
    size_t first_group;   /* the layer's group of rows that share a range which the part's first row is of */
};

/* Cuts `problem` for `kernel` into at most `most` parts that take at least `least` each on average, in cycles as the
 * kernel states them (docs/selection.md), and returns how many: 1 is the layer as it is. Parts are
 *   images of the batch;
 *   rows of the output of each image, or of a gemm or spmm;
 *   output channels,
 * whichever leaves the least to the largest part, rows where it is about the same. Each has all of the
 * layer's output channels and so the same packed weights, or some of the channels and packed weights of its own.
 * Together they give what the layer gives, to the bit: hybrid layers whose rows share a range (assay_problem_groups)
 * are cut within a group only for kernels that take the range of the whole (models/ops/layer_ranges.h); and float sums,
 * which may be taken in another order in the last tile of a kernel than in the others, are cut between tiles only. */
size_t assay_layer_split(const struct assay_problem *problem, const struct assay_kernel *kernel, size_t most,
                         double least, struct assay_layer_part *parts);

/* Cycles of a part, below which handing it out costs more than it saves. It is about a microsecond, but a layer that is
 * not cut fetches from the other core what that has written. */
enum { ASSAY_LAYER_LEAST_PART = 2500 };

/* What a part has of the layer's constants. */
struct assay_weights assay_layer_part_weights(const struct assay_layer_part *part, const struct assay_weights *whole);

/* Whether a part takes the packed weights of the one before it. */
bool assay_layer_part_shares(const struct assay_layer_part *part, const struct assay_layer_part *before);

#endif
