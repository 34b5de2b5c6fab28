/* What operators that move data ask of their operands, in shape(), beside models/ops/check.h. Each returns false with
 * an error that names the operator. */
#ifndef ASSAY_MODELS_OPS_OPERANDS_H
#define ASSAY_MODELS_OPS_OPERANDS_H

#include "models/ops/check.h"

/* Constant parameters: shapes, axes, begins, paddings. At most `limit` int32 or int64 (within int32) of input i, which
 * must be a constant; `what` names it in messages. */
bool assay_operands_integers(const struct assay_node *node, size_t i, const char *what, size_t limit, int32_t *values,
                             size_t *count, struct assay_model_error *error);

/* An axis of `rank` dimensions, counted from the end where it is negative. */
bool assay_operands_axis(const struct assay_node *node, int32_t axis, size_t rank, size_t *result,
                         struct assay_model_error *error);

/* Output i has input `from`'s type, of elements that can be moved, and becomes of this shape. */
bool assay_operands_move(const struct assay_node *node, size_t from, size_t i, const struct assay_shape *shape,
                         struct assay_model_error *error);

/* Output i becomes of this shape, whose bytes are checked for overflow. */
bool assay_operands_shape(const struct assay_node *node, size_t i, const struct assay_shape *shape,
                          struct assay_model_error *error);

/* One dimension more behind those of a shape. */
bool assay_operands_append(const struct assay_node *node, struct assay_shape *shape, int32_t dim,
                           struct assay_model_error *error);

/* Of a shape that shape() accepted. */
size_t assay_operands_bytes(const struct assay_value *value);

/* The zero point of a tensor as a whole: 0 if it is not quantized. */
int64_t assay_operands_zero(const struct assay_value *value);

/* Both not quantized, or the same scale and zero point for the whole tensor. */
bool assay_operands_same_quantization(const struct assay_value *a, const struct assay_value *b);

#endif
