/* VAR_HANDLE, READ_VARIABLE, ASSIGN_VARIABLE, CALL_ONCE: the state of streaming models, which the executor keeps. */
#include "models/ops/operands.h"
#include "models/run/executor.h"

#include <string.h>

static bool handle_shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_counts(node, 0, 0, 1, error))
        return false;
    struct assay_value *out = node->out[0];
    if (out->tensor->type != ASSAY_TENSOR_RESOURCE)
        return assay_op_fail(node, error, "the output is %s, not a resource",
                             assay_tensor_type_name(out->tensor->type));
    out->shape = out->tensor->shape;
    out->handle = node->op;
    return true;
}

static void handle_run(struct assay_node *node)
{
    (void)node; /* what uses it found the variable in prepare */
}

static bool check_handle(const struct assay_node *node, struct assay_model_error *error)
{
    const struct assay_value *in = node->in[0];
    if (in->tensor->type != ASSAY_TENSOR_RESOURCE || !in->handle)
        return assay_op_fail(node, error, "input 0 comes from no VAR_HANDLE");
    return true;
}

/* A value that can be kept: of a known size, and dense. */
static bool check_value(const struct assay_node *node, const struct assay_value *value, struct assay_model_error *error)
{
    if (assay_tensor_type_size(value->tensor->type) == 0)
        return assay_op_fail(node, error, "cannot keep a %s", assay_tensor_type_name(value->tensor->type));
    if (value->tensor->sparsity)
        return assay_op_fail(node, error, "the value is sparse: it needs a DENSIFY before it");
    return true;
}

static bool read_shape(struct assay_node *node, struct assay_model_error *error)
{
    return assay_op_counts(node, 1, 1, 1, error) && check_handle(node, error) &&
           check_value(node, node->out[0], error) && assay_operands_shape(node, 0, &node->out[0]->tensor->shape, error);
}

static bool assign_shape(struct assay_node *node, struct assay_model_error *error)
{
    return assay_op_counts(node, 2, 2, 0, error) && check_handle(node, error) && check_value(node, node->in[1], error);
}

static bool find(struct assay_node *node, const struct assay_value *value, struct assay_model_error *error)
{
    const struct assay_operator *handle = node->in[0]->handle;
    const char *container = handle->variable.container ? handle->variable.container : "";
    const char *name = handle->variable.name ? handle->variable.name : "";
    const size_t bytes = assay_operands_bytes(value);
    node->state = assay_executor_variable(node->executor, container, name, bytes);
    if (!node->state)
        return assay_op_fail(node, error,
                             "no variable '%s' of %zu bytes: it has another size elsewhere, or memory is short", name,
                             bytes);
    return true;
}

static bool read_prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    (void)arena;
    return find(node, node->out[0], error);
}

static bool assign_prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    (void)arena;
    if (!find(node, node->in[1], error))
        return false;
    memset(node->state, (int8_t)assay_operands_zero(node->in[1]), assay_operands_bytes(node->in[1]));
    return true;
}

static void read_run(struct assay_node *node)
{
    const size_t bytes = assay_operands_bytes(node->out[0]);
    if (bytes > 0)
        memcpy(node->out[0]->data, node->state, bytes);
}

static void assign_run(struct assay_node *node)
{
    const size_t bytes = assay_operands_bytes(node->in[1]);
    if (bytes > 0)
        memcpy(node->state, node->in[1]->data, bytes);
}

static bool call_once_shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_counts(node, 0, 0, 0, error))
        return false;
    if (node->op->call_once.subgraph <= 0)
        return assay_op_fail(node, error, "subgraph %d cannot be called", node->op->call_once.subgraph);
    return true;
}

static void call_once_run(struct assay_node *node)
{
    assay_executor_call_once(node->executor, node->op->call_once.subgraph);
}

const struct assay_op_kind assay_op_VAR_HANDLE = {ASSAY_OPERATOR_VAR_HANDLE, .shape = handle_shape, .run = handle_run};
const struct assay_op_kind assay_op_READ_VARIABLE = {ASSAY_OPERATOR_READ_VARIABLE, .shape = read_shape,
                                                     .prepare = read_prepare, .run = read_run};
const struct assay_op_kind assay_op_ASSIGN_VARIABLE = {ASSAY_OPERATOR_ASSIGN_VARIABLE, .shape = assign_shape,
                                                       .prepare = assign_prepare, .run = assign_run};
const struct assay_op_kind assay_op_CALL_ONCE = {ASSAY_OPERATOR_CALL_ONCE, .shape = call_once_shape,
                                                 .run = call_once_run};
