/* Networks of a single operator, for tests: tensors and options by hand, run by the executor, which is what prepares
 * constants. Operators that need none of it are tested alone: op_test.h. */
#ifndef ASSAY_MODELS_OPS_TESTS_ONE_OP_H
#define ASSAY_MODELS_OPS_TESTS_ONE_OP_H

#include "models/run/executor.h"
#include "models/tests/expect.h"

#include <stdlib.h>
#include <string.h>

enum { ONE_MOST = 8 };

struct one {
    struct assay_tensor tensors[2 * ONE_MOST];
    int32_t in[ONE_MOST], out[ONE_MOST], network_in[ONE_MOST];
    const void *given[ONE_MOST]; /* contents of the inputs that are no constants */
    size_t network_ins;
    struct assay_operator op;
    size_t batch;                       /* of the executor's options */
    struct assay_shape shape[ONE_MOST]; /* of the outputs, once run */
    void *result[ONE_MOST];             /* one_free() frees them */
    struct assay_model_error error;
};

static uint32_t one_random(void)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16);
}

static inline int one_below(int limit)
{
    return (int)(one_random() % (uint32_t)limit);
}

static inline size_t one_count(const struct assay_shape *shape)
{
    size_t count = 0;
    return assay_shape_count(shape, &count) ? count : 0;
}

static inline struct assay_tensor *one_tensor(struct one *one, enum assay_tensor_type type, struct assay_shape shape)
{
    const size_t index = one->op.input_count + one->op.output_count;
    one->tensors[index] = (struct assay_tensor){.name = "", .type = type, .shape = shape};
    return &one->tensors[index];
}

static inline struct assay_tensor *one_input(struct one *one, enum assay_tensor_type type, struct assay_shape shape,
                                             const void *data)
{
    struct assay_tensor *tensor = one_tensor(one, type, shape);
    one->given[one->network_ins] = data;
    one->network_in[one->network_ins++] = one->in[one->op.input_count++] = (int32_t)(tensor - one->tensors);
    return tensor;
}

static inline struct assay_tensor *one_constant(struct one *one, enum assay_tensor_type type, struct assay_shape shape,
                                                const void *data)
{
    struct assay_tensor *tensor = one_tensor(one, type, shape);
    tensor->data = data;
    tensor->bytes = one_count(&shape) * assay_tensor_type_size(type);
    one->in[one->op.input_count++] = (int32_t)(tensor - one->tensors);
    return tensor;
}

/* `count` int32 as a vector. */
static inline void one_integers(struct one *one, size_t count, const int32_t *values)
{
    static const int32_t none[1]; /* a constant of no elements still has an address */
    one_constant(one, ASSAY_TENSOR_I32, (struct assay_shape){1, {(int32_t)count}}, count > 0 ? values : none);
}

static inline struct assay_tensor *one_output(struct one *one, enum assay_tensor_type type)
{
    struct assay_tensor *tensor = one_tensor(one, type, (struct assay_shape){0});
    one->out[one->op.output_count++] = (int32_t)(tensor - one->tensors);
    return tensor;
}

static inline struct one one_of(enum assay_operator_code code)
{
    return (struct one){.op = {.code = code, .version = 1}};
}

/* False: refused, and error says why. */
static inline bool one_run(struct one *one)
{
    one->op.inputs = one->in;
    one->op.outputs = one->out;
    const struct assay_subgraph subgraph = {
        .name = "",
        .tensor_count = one->op.input_count + one->op.output_count,
        .operator_count = 1,
        .input_count = one->network_ins,
        .output_count = one->op.output_count,
        .tensors = one->tensors,
        .operators = &one->op,
        .inputs = one->network_in,
        .outputs = one->out,
    };
    const struct assay_graph graph = {.description = "", .subgraph_count = 1, .subgraphs = &subgraph};
    const struct assay_executor_options options = {
        .features = assay_cpu_features(), .memory_limit = 1 << 26, .batch = one->batch};
    struct assay_executor *executor = assay_executor_make(&graph, options, &one->error);
    if (!executor)
        return false;
    for (size_t i = 0; i < one->network_ins; i++) {
        struct assay_value *value = assay_executor_input(executor, i);
        const size_t bytes = one_count(&value->shape) * assay_tensor_type_size(value->tensor->type);
        if (bytes > 0)
            memcpy(value->data, one->given[i], bytes);
    }
    assay_executor_run(executor);
    for (size_t i = 0; i < one->op.output_count; i++) {
        const struct assay_value *value = assay_executor_output(executor, i);
        const size_t bytes = one_count(&value->shape) * assay_tensor_type_size(value->tensor->type);
        one->shape[i] = value->shape;
        one->result[i] = malloc(bytes + 1);
        if (!one->result[i])
            abort();
        if (bytes > 0)
            memcpy(one->result[i], value->data, bytes);
    }
    assay_executor_free(executor);
    return true;
}

static inline void one_free(struct one *one)
{
    for (size_t i = 0; i < ONE_MOST; i++)
        free(one->result[i]);
}

/* Refused, by a message that names the operator and has these words. */
static inline void one_refuses(struct one *one, const char *name, const char *words)
{
    const bool ran = one_run(one);
    EXPECT(!ran, "%s was not refused (%s)", name, words);
    EXPECT(ran || (strstr(one->error.text, name) && strstr(one->error.text, words)), "%s: said '%s', not '%s'", name,
           one->error.text, words);
    one_free(one);
}

/* Rank 0 to 5; dimensions 0 to 4, rarely 0. */
static inline struct assay_shape one_shape(size_t least_rank)
{
    struct assay_shape shape = {.rank = least_rank + (size_t)one_below(6 - (int)least_rank)};
    for (size_t d = 0; d < shape.rank; d++)
        shape.dims[d] = one_below(15) == 0 ? 0 : 1 + one_below(4);
    return shape;
}

/* Bytes without meaning, enough for any such shape of 8-byte elements. */
enum { ONE_BYTES = 4 * 4 * 4 * 4 * 4 * 8 };
static inline const uint8_t *one_bytes(void)
{
    static _Alignas(8) uint8_t bytes[ONE_BYTES];
    for (size_t i = 0; i < ONE_BYTES; i++)
        bytes[i] = (uint8_t)one_random();
    return bytes;
}

static inline enum assay_tensor_type one_type(void)
{
    static const enum assay_tensor_type types[] = {ASSAY_TENSOR_F32, ASSAY_TENSOR_I8,  ASSAY_TENSOR_I16,
                                                   ASSAY_TENSOR_I32, ASSAY_TENSOR_I64, ASSAY_TENSOR_BOOL};
    return types[one_below(6)];
}

/* Coordinates of the i-th element, and the element at coordinates. */
static inline void one_where(const struct assay_shape *shape, size_t i, int64_t *at)
{
    for (size_t d = shape->rank; d-- > 0;) {
        const size_t dim = shape->dims[d] > 0 ? (size_t)shape->dims[d] : 1; /* without elements: the first */
        at[d] = (int64_t)(i % dim);
        i /= dim;
    }
}

static inline size_t one_index(const struct assay_shape *shape, const int64_t *at)
{
    size_t i = 0;
    for (size_t d = 0; d < shape->rank; d++)
        i = i * (size_t)shape->dims[d] + (size_t)at[d];
    return i;
}

#endif
