/* What ADD, SUB and MUL share: two inputs of one type, broadcast, and a range of results. */
#ifndef ASSAY_MODELS_OPS_ELEMENTWISE_H
#define ASSAY_MODELS_OPS_ELEMENTWISE_H

#include "models/ops/broadcast.h"
#include "models/ops/quantized.h"

/* float32, int8, int16, and int32 (not quantized, without activation). */
bool assay_elementwise_shape(struct assay_node *node, struct assay_model_error *error);

struct assay_elementwise_rows {
    assay_broadcast_row *f32, *i8, *i16, *i32;
};

/* Computes a node by its plan, with the rows of the input's type. */
void assay_elementwise_run(const struct assay_node *node, const struct assay_elementwise_rows *rows,
                           const void *context);

#endif
