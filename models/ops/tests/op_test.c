#include "models/ops/tests/op_test.h"

#include <stdlib.h>
#include <string.h>

void op_test_make(struct op_test *test, enum assay_operator_code code, size_t inputs, size_t outputs)
{
    memset(test, 0, sizeof *test);
    test->op.code = code;
    test->op.input_count = inputs;
    test->op.output_count = outputs;
    test->arena.limit = 1 << 24;
    test->executor.options.features = assay_cpu_features();
    test->node.executor = &test->executor;
    test->node.op = &test->op;
    test->node.in = test->in;
    test->node.out = test->out;
    for (size_t i = 0; i < inputs + outputs; i++) {
        test->tensors[i].name = "";
        test->values[i].tensor = &test->tensors[i];
        *(i < inputs ? &test->in[i] : &test->out[i - inputs]) = &test->values[i];
    }
}

void op_test_set(struct op_test *test, size_t i, enum assay_tensor_type type, struct assay_shape shape, float scale,
                 int64_t zero, const void *data)
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
    if (!test->values[i].data)
        abort();
    memcpy(test->values[i].data, data, bytes);
}

void op_test_out(struct op_test *test, enum assay_tensor_type type, float scale, int64_t zero)
{
    op_test_set(test, test->op.input_count, type, (struct assay_shape){0}, scale, zero, NULL);
}

void *op_test_run(struct op_test *test, size_t elements)
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
    const bool fits = assay_shape_count(&out->shape, &count) && count == elements;
    EXPECT(fits, "the output has %zu elements, not %zu", count, elements);
    if (!fits)
        return NULL;
    free(out->data);
    const size_t bytes = elements * assay_tensor_type_size(out->tensor->type);
    out->data = malloc(bytes ? bytes : 1);
    if (!out->data)
        abort();
    memset(out->data, 0x5a, bytes); /* what is not written shows */
    test->node.scratch = assay_arena_take(&test->arena, test->node.scratch_bytes, 1);
    if (!test->node.scratch || (kind->bind && !kind->bind(&test->node, &test->error))) {
        EXPECT(false, "not bound: %s", test->error.text);
        return NULL;
    }
    memset(test->node.scratch, 0x5a, test->node.scratch_bytes); /* nothing stays in it */
    kind->run(&test->node);
    return out->data;
}

void op_test_refused(struct op_test *test, const char *words)
{
    const struct assay_op_kind *kind = assay_op_kind(test->op.code);
    test->error.text[0] = '\0';
    const bool accepted = kind && kind->shape(&test->node, &test->error);
    EXPECT(!accepted, "accepted, but: %s", words);
    const char *name = assay_operator_name(test->op.code);
    EXPECT(accepted || strncmp(test->error.text, name, strlen(name)) == 0, "no operator in: %s", test->error.text);
    EXPECT(accepted || strstr(test->error.text, words), "not '%s' but: %s", words, test->error.text);
}

void op_test_free(struct op_test *test)
{
    for (size_t i = 0; i < OP_TEST_SLOTS; i++)
        free(test->values[i].data);
    assay_arena_free(&test->arena);
}
