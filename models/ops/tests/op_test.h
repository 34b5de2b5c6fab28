/* For tests of operators: a node of its own, without a graph or an executor. Buffers are taken from malloc at their
 * exact size, so that AddressSanitizer sees a step beyond them. */
#ifndef ASSAY_MODELS_OPS_TESTS_OP_TEST_H
#define ASSAY_MODELS_OPS_TESTS_OP_TEST_H

#include "models/ops/op.h"
#include "models/tests/expect.h"

#include <stdlib.h>
#include <string.h>

enum { OP_TEST_SLOTS = 4 };

struct op_test {
    struct assay_operator op;
    struct assay_node node;
    struct assay_tensor tensors[OP_TEST_SLOTS]; /* inputs, then outputs */
    struct assay_value values[OP_TEST_SLOTS], *in[OP_TEST_SLOTS], *out[OP_TEST_SLOTS];
    float scales[OP_TEST_SLOTS];
    int64_t zeros[OP_TEST_SLOTS];
    struct assay_arena arena;
    struct assay_model_error error;
};

#define SHAPE(...) ((struct assay_shape){sizeof((int32_t[]){__VA_ARGS__}) / sizeof(int32_t), {__VA_ARGS__}})

static inline void op_test_make(struct op_test *test, enum assay_operator_code code, size_t inputs, size_t outputs)
{
    memset(test, 0, sizeof *test);
    test->op.code = code;
    test->op.input_count = inputs;
    test->op.output_count = outputs;
    test->arena.limit = 1 << 24;
    test->node.op = &test->op;
    test->node.in = test->in;
    test->node.out = test->out;
    for (size_t i = 0; i < inputs + outputs; i++) {
        test->tensors[i].name = "";
        test->values[i].tensor = &test->tensors[i];
        *(i < inputs ? &test->in[i] : &test->out[i - inputs]) = &test->values[i];
    }
}

/* Slot i: scale 0 leaves it unquantized. The data is copied; NULL: none. */
static inline void op_test_set(struct op_test *test, size_t i, enum assay_tensor_type type, struct assay_shape shape,
                               float scale, int64_t zero, const void *data)
{
    test->tensors[i].type = type;
    test->tensors[i].shape = test->values[i].shape = shape;
    test->scales[i] = scale;
    test->zeros[i] = zero;
    test->tensors[i].quantization =
        (struct assay_tensor_quantization){scale > 0.0f, &test->scales[i], &test->zeros[i], 0};
    size_t count = 0;
    if (!data || !assay_shape_count(&shape, &count))
        return;
    const size_t bytes = count * assay_tensor_type_size(type);
    free(test->values[i].data);
    test->values[i].data = malloc(bytes ? bytes : 1);
    memcpy(test->values[i].data, data, bytes);
}

/* The output's type and quantization; its shape is the operator's to find. */
static inline void op_test_out(struct op_test *test, enum assay_tensor_type type, float scale, int64_t zero)
{
    op_test_set(test, test->op.input_count, type, (struct assay_shape){0}, scale, zero, NULL);
}

/* Runs it; the first output's data, which lives until op_test_free() or the next run. NULL: refused. */
static inline void *op_test_run(struct op_test *test)
{
    const struct assay_op_kind *kind = assay_op_kind(test->op.code);
    EXPECT(kind, "operator %d has no descriptor", (int)test->op.code);
    if (!kind || !kind->shape(&test->node, &test->error)) {
        EXPECT(!kind, "refused: %s", test->error.text);
        return NULL;
    }
    if (kind->prepare && !kind->prepare(&test->node, &test->arena, &test->error)) {
        EXPECT(false, "not prepared: %s", test->error.text);
        return NULL;
    }
    struct assay_value *out = test->out[0];
    size_t count = 0;
    EXPECT(assay_shape_count(&out->shape, &count), "the output's shape overflows");
    free(out->data);
    out->data = malloc(count * assay_tensor_type_size(out->tensor->type) + (count == 0));
    kind->run(&test->node);
    return out->data;
}

/* shape() must refuse it, with the operator's name and `words` in the message. */
static inline void op_test_refused(struct op_test *test, const char *words)
{
    const struct assay_op_kind *kind = assay_op_kind(test->op.code);
    test->error.text[0] = '\0';
    const bool accepted = kind && kind->shape(&test->node, &test->error);
    EXPECT(!accepted, "accepted, but: %s", words);
    const char *name = assay_operator_name(test->op.code);
    EXPECT(accepted || strncmp(test->error.text, name, strlen(name)) == 0, "no operator in: %s", test->error.text);
    EXPECT(accepted || strstr(test->error.text, words), "not '%s' but: %s", words, test->error.text);
}

static inline void op_test_free(struct op_test *test)
{
    for (size_t i = 0; i < OP_TEST_SLOTS; i++)
        free(test->values[i].data);
    assay_arena_free(&test->arena);
}

/* 64-bit FNV-1a, to be carried on from call to call. */
static inline uint64_t op_test_hash(uint64_t hash, const void *data, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ ((const unsigned char *)data)[i]) * UINT64_C(0x100000001B3);
    return hash;
}
#define OP_TEST_HASH UINT64_C(0xCBF29CE484222325)

/* Pseudo-random numbers: the high bits of a linear congruential generator. */
static inline uint32_t op_test_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

#endif
