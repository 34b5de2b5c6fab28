/* The ranges of a hybrid layer in parts of which several have rows of one group (assay_problem_groups): all threads
 * find them, each of a piece of the input, before any part is computed. */
#ifndef ASSAY_MODELS_OPS_LAYER_RANGES_H
#define ASSAY_MODELS_OPS_LAYER_RANGES_H

#include "models/ops/layer_parts.h"

struct assay_layer_fold;
struct assay_layer_meeting;
struct assay_layer_ranges {
    const struct assay_kernel *kernel;
    struct assay_problem problem; /* the layer's, as its parts are cut from it */
    size_t pieces;
    struct assay_layer_fold *folds;            /* of each piece those of all groups */
    struct assay_layer_meeting *meeting;       /* of the threads, once each has found its piece */
    struct assay_row_quantization *parameters; /* of each group */
    const float *in;                           /* the layer's; set before each run, or once if it stays */
};

/* Whether parts need them: else each finds all ranges of its own rows itself, or is of a kernel that always does. */
bool assay_layer_shares_ranges(const struct assay_kernel *kernel, const struct assay_layer_part *parts, size_t count);

/* Memory of struct assay_layer_ranges, and it laid out in such memory, aligned to ASSAY_PACK_ALIGN and zeroed. As many
 * pieces as parts. */
size_t assay_layer_ranges_bytes(const struct assay_problem *problem, size_t parts);
struct assay_layer_ranges assay_layer_ranges_make(const struct assay_kernel *kernel,
                                                  const struct assay_problem *problem, size_t parts, void *memory);

/* Finds the ranges of piece `i`; the context is a struct assay_layer_ranges. Pieces are rows one after the other, as
 * many in each, so that a thread finds in its own cache what a part of about the same rows reads again. */
void assay_layer_ranges_find(void *context, size_t i);

/* Once all pieces are found: sets `parameters`, of which a part takes those from its first_group on. */
void assay_layer_ranges_merge(const struct assay_layer_ranges *ranges);

/* Both at once, called by the thread of each part before it computes that: finds piece `i`, and returns when all pieces
 * are found and merged. All parts must be on threads of their own at the same time, which pthreadpool gives them if it
 * has as many threads: each begins with the items that are its own, and takes others' only when it has none left. */
void assay_layer_ranges_share(struct assay_layer_ranges *ranges, size_t i);

#endif
