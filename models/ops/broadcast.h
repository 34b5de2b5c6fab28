/* Two inputs of different shapes, element by element: dimensions are matched from the last one on, and one of size 1
 * (or none) is repeated. Nothing is allocated: a plan is a few numbers. */
#ifndef ASSAY_MODELS_OPS_BROADCAST_H
#define ASSAY_MODELS_OPS_BROADCAST_H

#include "models/graph/graph.h"

struct assay_broadcast {
    size_t rank; /* >= 1: neighbouring dimensions that go alike are taken as one */
    size_t count[ASSAY_MAX_RANK];
    size_t a_step[ASSAY_MAX_RANK], b_step[ASSAY_MAX_RANK]; /* in elements; 0 where repeated */
};

/* The shape of the result; false if a dimension is neither equal nor 1. */
bool assay_broadcast_shape(const struct assay_shape *a, const struct assay_shape *b, struct assay_shape *out);

/* For shapes that assay_broadcast_shape() accepts. */
struct assay_broadcast assay_broadcast_plan(const struct assay_shape *a, const struct assay_shape *b);

/* Computes out[0 … n-1] from a[i * a_step] and b[i * b_step]; steps are 0 or 1, in elements. */
typedef void assay_broadcast_row(const void *context, const void *a, size_t a_step, const void *b, size_t b_step,
                                 void *out, size_t n);

/* Calls `row` until the output, which is contiguous, is full. Sizes are bytes of an element. */
void assay_broadcast_run(const struct assay_broadcast *plan, assay_broadcast_row *row, const void *context,
                         const void *a, const void *b, size_t in_size, void *out, size_t out_size);

#endif
