/* A counter: subgraph 1 sets it, once; the network reads it, gives it out, and writes its input over it. */
#include "models/ops/tests/one_op.h"

enum { HANDLE, BEFORE, INPUT, TENSORS };

static const float scale = 1.0f;
static const int64_t zero = -9;
static const int8_t start[] = {1, 2, 3};

static struct assay_tensor tensor(enum assay_tensor_type type, const void *data)
{
    struct assay_tensor t = {.name = "", .type = type, .data = data, .bytes = data ? 3 : 0};
    if (type == ASSAY_TENSOR_I8) {
        t.shape = (struct assay_shape){1, {3}};
        t.quantization = (struct assay_tensor_quantization){1, &scale, &zero, 0};
    }
    return t;
}

static void expect(struct assay_executor *executor, int8_t first, const int8_t *write)
{
    memcpy(assay_executor_input(executor, 0)->data, write, 3);
    assay_executor_run(executor);
    const int8_t got = ((const int8_t *)assay_executor_output(executor, 0)->data)[0];
    EXPECT(got == first, "read %d, not %d", got, first);
}

/* With or without the first contents of subgraph 1. */
static void counter(bool once)
{
    static const int32_t handle[] = {HANDLE}, before[] = {BEFORE}, assigned[] = {HANDLE, INPUT}, input[] = {INPUT};
    const struct assay_tensor tensors[] = {tensor(ASSAY_TENSOR_RESOURCE, NULL), tensor(ASSAY_TENSOR_I8, NULL),
                                           tensor(ASSAY_TENSOR_I8, NULL)};
    const struct assay_tensor first[] = {tensor(ASSAY_TENSOR_RESOURCE, NULL), tensor(ASSAY_TENSOR_I8, NULL),
                                         tensor(ASSAY_TENSOR_I8, start)};
    const struct assay_operator make = {
        .code = ASSAY_OPERATOR_VAR_HANDLE, .output_count = 1, .outputs = handle, .variable = {"", "counter"}};
    const struct assay_operator read = {
        .code = ASSAY_OPERATOR_READ_VARIABLE, .input_count = 1, .output_count = 1, .inputs = handle, .outputs = before};
    const struct assay_operator assign = {.code = ASSAY_OPERATOR_ASSIGN_VARIABLE, .input_count = 2, .inputs = assigned};
    const struct assay_operator call = {.code = ASSAY_OPERATOR_CALL_ONCE, .call_once = {1}};
    const struct assay_operator operators[] = {call, make, read, assign}, setting[] = {make, assign};
    const struct assay_subgraph subgraphs[] = {
        {"", TENSORS, once ? 4 : 3, 1, 1, tensors, once ? operators : operators + 1, input, before},
        {"", TENSORS, 2, 0, 0, first, setting, NULL, NULL},
    };
    const struct assay_graph graph = {.description = "", .subgraph_count = 2, .subgraphs = subgraphs};
    const struct assay_executor_options options = {.features = assay_cpu_features(), .memory_limit = 1 << 20};
    struct assay_model_error error;
    struct assay_executor *executor = assay_executor_make(&graph, options, &error);
    EXPECT(executor, "%s", error.text);
    for (int round = 0; executor && round < 2; round++) {
        expect(executor, once ? 1 : -9, (const int8_t[]){50, 0, 0});
        expect(executor, 50, (const int8_t[]){60, 0, 0});
        expect(executor, 60, (const int8_t[]){70, 0, 0});
        assay_executor_reset(executor);
    }
    if (executor)
        assay_executor_free(executor);
}

static void refusals(void)
{
    struct one loose = one_of(ASSAY_OPERATOR_READ_VARIABLE);
    one_input(&loose, ASSAY_TENSOR_RESOURCE, (struct assay_shape){0}, one_bytes());
    one_output(&loose, ASSAY_TENSOR_I8);
    one_refuses(&loose, "READ_VARIABLE", "no VAR_HANDLE");
    struct one constant = one_of(ASSAY_OPERATOR_READ_VARIABLE);
    one_constant(&constant, ASSAY_TENSOR_I32, (struct assay_shape){0}, one_bytes());
    one_output(&constant, ASSAY_TENSOR_I8);
    one_refuses(&constant, "READ_VARIABLE", "no VAR_HANDLE");
    struct one number = one_of(ASSAY_OPERATOR_VAR_HANDLE);
    one_output(&number, ASSAY_TENSOR_I32);
    one_refuses(&number, "VAR_HANDLE", "not a resource");
    struct one itself = one_of(ASSAY_OPERATOR_CALL_ONCE);
    one_refuses(&itself, "CALL_ONCE", "subgraph 0");
    struct one missing = one_of(ASSAY_OPERATOR_CALL_ONCE);
    missing.op.call_once.subgraph = 7;
    one_refuses(&missing, "CALL_ONCE", "7");
}

int main(void)
{
    counter(true);
    counter(false);
    refusals();
    return failures > 0;
}
