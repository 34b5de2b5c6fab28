/* What operators check in shape(), with messages that name the operator: "ADD: input 1 is i16, …". All return false on
 * failure. */
#ifndef ASSAY_MODELS_OPS_CHECK_H
#define ASSAY_MODELS_OPS_CHECK_H

#include "models/ops/op.h"

/* Writes "OPERATOR: message"; returns false. */
__attribute__((format(printf, 3, 4))) bool assay_op_fail(const struct assay_node *node, struct assay_model_error *error,
                                                         const char *format, ...);
#ifdef __clang_analyzer__ /* as of assay_model_fail() */
#define assay_op_fail(node, error, ...) (assay_op_fail(node, error, __VA_ARGS__), false)
#endif

/* Number of inputs within [min, max], of outputs exactly `outputs`; the first `min` inputs and all outputs are there.
 */
bool assay_op_counts(const struct assay_node *node, size_t min, size_t max, size_t outputs,
                     struct assay_model_error *error);

/* Bits of assay_tensor_type, for sets of types. */
#define ASSAY_TYPE_BIT(type) (1u << ASSAY_TENSOR_##type)
enum {
    ASSAY_TYPES_INTEGER = ASSAY_TYPE_BIT(I8) | ASSAY_TYPE_BIT(I16),
    ASSAY_TYPES_MATH = ASSAY_TYPE_BIT(F32) | ASSAY_TYPES_INTEGER,
};

/* All inputs that are there and all outputs have the type of input 0, and that is one of `types`. */
bool assay_op_same_types(const struct assay_node *node, unsigned types, struct assay_model_error *error);

/* The tensor, int8 or int16, is quantized as a whole: one scale, one zero point, and that is 0 for int16. Other types
 * pass. `what` names it in the message: "input 0". */
bool assay_op_quantized(const struct assay_node *node, const struct assay_value *value, const char *what,
                        struct assay_model_error *error);

/* The same of all inputs and outputs. */
bool assay_op_all_quantized(const struct assay_node *node, struct assay_model_error *error);

/* The output is quantized as the specification fixes it; the scale may be off by 1/1000. */
bool assay_op_fixed_output(const struct assay_node *node, float scale, int64_t zero, struct assay_model_error *error);

/* One input, one output of the same type (one of `types`), quantized as a whole; sets the output's shape to the
 * input's. The whole shape() of many operators. */
bool assay_op_unary_shape(struct assay_node *node, unsigned types, struct assay_model_error *error);

/* The fused activation is one that is a range: not TANH. */
bool assay_op_fused_range(const struct assay_node *node, struct assay_model_error *error);

/* A zeroed block of prepare's own; NULL: the error is written. */
void *assay_op_state(struct assay_node *node, struct assay_arena *arena, size_t size, struct assay_model_error *error);

/* Elements of a value. shape() of every operator, or the executor, has made sure that they can be counted. */
size_t assay_op_elements(const struct assay_value *value);

#endif
