/* For tests of operators: a node of its own, without a graph, and an executor that only chooses kernels. Buffers are
 * taken from malloc at their exact size, so that AddressSanitizer sees a step beyond them. */
#ifndef ASSAY_MODELS_OPS_TESTS_OP_TEST_H
#define ASSAY_MODELS_OPS_TESTS_OP_TEST_H

#include "models/ops/op.h"
#include "models/run/network.h"
#include "models/tests/expect.h"

enum { OP_TEST_SLOTS = 4 };

struct op_test {
    struct assay_operator op;
    struct assay_node node;
    struct assay_tensor tensors[OP_TEST_SLOTS]; /* inputs, then outputs */
    struct assay_value values[OP_TEST_SLOTS], *in[OP_TEST_SLOTS], *out[OP_TEST_SLOTS];
    float scales[OP_TEST_SLOTS];
    int64_t zeros[OP_TEST_SLOTS];
    struct assay_executor executor;
    struct assay_arena arena;
    struct assay_model_error error;
};

#define SHAPE(...) ((struct assay_shape){sizeof((int32_t[]){__VA_ARGS__}) / sizeof(int32_t), {__VA_ARGS__}})

void op_test_make(struct op_test *test, enum assay_operator_code code, size_t inputs, size_t outputs);

/* Slot i: scale 0 leaves it unquantized. The data is copied; NULL: none. */
void op_test_set(struct op_test *test, size_t i, enum assay_tensor_type type, struct assay_shape shape, float scale,
                 int64_t zero, const void *data);

/* The output's type and quantization; its shape is the operator's to find. */
void op_test_out(struct op_test *test, enum assay_tensor_type type, float scale, int64_t zero);

/* Runs it; the first output's data, which lives until op_test_free() or the next run. NULL: it was refused, or the
 * output has another number of elements. */
void *op_test_run(struct op_test *test, size_t elements);

/* shape() must refuse it, with the operator's name and `words` in the message. */
void op_test_refused(struct op_test *test, const char *words);

void op_test_free(struct op_test *test);

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
