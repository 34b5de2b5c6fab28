/* Copying one region of a tensor to another of the same extent: what transposing, slicing, padding, splitting and
 * concatenating come to. A region is sizes, and a step in bytes for each dimension on either side. */
#ifndef ASSAY_MODELS_OPS_MOVE_H
#define ASSAY_MODELS_OPS_MOVE_H

#include "models/ops/op.h"

struct assay_move {
    size_t rank;
    size_t size[ASSAY_MAX_RANK];
    ptrdiff_t in_step[ASSAY_MAX_RANK], out_step[ASSAY_MAX_RANK]; /* bytes; may be negative */
    ptrdiff_t in_offset, out_offset;                             /* bytes from the tensors' first elements */
    size_t run; /* bytes that are copied together: an element, until assay_move_fold(). 0: nothing to copy */
};

/* A move of `shape` elements between two dense tensors of the shapes `in` and `out`, of the same rank, from their first
 * elements; the caller changes offsets and steps, then folds. Where any of the three has no elements, the move has
 * nothing to copy. */
struct assay_move assay_move_of(const struct assay_shape *shape, const struct assay_shape *in,
                                const struct assay_shape *out, size_t element);

/* Drops dimensions of one element, and joins those that lie behind each other on both sides: fewer loops, longer runs.
 */
void assay_move_fold(struct assay_move *move);

/* The regions must not overlap. */
void assay_move_run(const struct assay_move *move, const void *in, void *out);

#endif
