/* The executor on small graphs written here by hand: shapes, batches, kernels, f16 constants, limits. What the layers
 * compute is small integers, exact in every mode. */
#include "models/run/executor.h"

#include <stdio.h>
#include <string.h>

static int failures;

#define EXPECT(condition)                                                        \
    do {                                                                         \
        if (!(condition)) {                                                      \
            fprintf(stderr, "%s:%d: not: %s\n", __FILE__, __LINE__, #condition); \
            failures++;                                                          \
        }                                                                        \
    } while (0)

/* [1, 3] -> FULLY_CONNECTED with ReLU -> [1, 2] -> FULLY_CONNECTED -> [1, 1] */
static const float weights_a[] = {1, 2, 3, -1, -2, -3}, bias_a[] = {1, 2}, weights_b[] = {2, 5};
static const assay_f16 halves_a[] = {1, 2, 3, -1, -2, -3};
static const int8_t bytes_a[] = {1, 2, 3, -1, -2, -3}, bytes_lowest[] = {-128, 2, 3, -1, -2, -3};
static const int32_t bias_int[] = {1, 2};
static const int64_t bias_wide[] = {1, 2};
static const float one[] = {1};
static const int64_t zero[] = {0};

enum { IN, WEIGHTS_A, BIAS_A, MIDDLE, WEIGHTS_B, OUT, HALVES, TENSORS };

static struct assay_tensor tensors[TENSORS];
static struct assay_operator operators[3];
static struct assay_subgraph subgraph;
static struct assay_graph graph;

static struct assay_tensor tensor(enum assay_tensor_type type, int32_t rows, int32_t columns, const void *data)
{
    struct assay_tensor t = {.name = "", .type = type, .shape = {2, {rows, columns}}, .data = data};
    t.bytes = data ? (size_t)rows * (size_t)columns * assay_tensor_type_size(type) : 0;
    return t;
}

static void make_float_graph(void)
{
    static const int32_t in_a[] = {IN, WEIGHTS_A, BIAS_A}, out_a[] = {MIDDLE}, in_b[] = {MIDDLE, WEIGHTS_B, -1},
                         out_b[] = {OUT}, inputs[] = {IN}, outputs[] = {OUT};
    tensors[IN] = tensor(ASSAY_TENSOR_F32, 1, 3, NULL);
    tensors[WEIGHTS_A] = tensor(ASSAY_TENSOR_F32, 2, 3, weights_a);
    tensors[BIAS_A] = tensor(ASSAY_TENSOR_F32, 1, 2, bias_a);
    tensors[MIDDLE] = tensor(ASSAY_TENSOR_F32, 1, 2, NULL);
    tensors[WEIGHTS_B] = tensor(ASSAY_TENSOR_F32, 1, 2, weights_b);
    tensors[OUT] = tensor(ASSAY_TENSOR_F32, 1, 1, NULL);
    tensors[HALVES] = tensor(ASSAY_TENSOR_F16, 2, 3, halves_a);
    operators[0] = (struct assay_operator){.code = ASSAY_OPERATOR_FULLY_CONNECTED,
                                           .input_count = 3,
                                           .output_count = 1,
                                           .inputs = in_a,
                                           .outputs = out_a,
                                           .fused = ASSAY_FUSED_RELU};
    operators[1] = (struct assay_operator){
        .code = ASSAY_OPERATOR_FULLY_CONNECTED, .input_count = 3, .output_count = 1, .inputs = in_b, .outputs = out_b};
    subgraph = (struct assay_subgraph){.name = "main",
                                       .tensor_count = TENSORS,
                                       .operator_count = 2,
                                       .input_count = 1,
                                       .output_count = 1,
                                       .tensors = tensors,
                                       .operators = operators,
                                       .inputs = inputs,
                                       .outputs = outputs};
    graph = (struct assay_graph){.subgraph_count = 1, .subgraphs = &subgraph};
}

static struct assay_executor_options options(const char *kernel, size_t batch)
{
    return (struct assay_executor_options){
        .features = assay_cpu_features(), .kernel = kernel, .memory_limit = 1 << 20, .batch = batch};
}

struct seen {
    size_t count;
    const char *kernel;
    float middle;
};

static void see(void *context, const struct assay_node *node, size_t index)
{
    struct seen *seen = context;
    EXPECT(index == seen->count);
    seen->count++;
    if (node->op->outputs[0] != MIDDLE)
        return;
    seen->kernel = node->kernel;
    memcpy(&seen->middle, node->out[0]->data, node->out[0]->tensor->type == ASSAY_TENSOR_F32 ? sizeof(float) : 1);
}

/* Runs the float graph on (1, 1, 1) and twice that: 2 * 7 + 5 * 0, then 2 * 13. */
static void run_floats(struct assay_executor_options with, const char *kernel)
{
    struct assay_model_error error = {{0}};
    struct assay_executor *executor = assay_executor_make(&graph, with, &error);
    if (!executor) {
        fprintf(stderr, "%s\n", error.text);
        failures++;
        return;
    }
    struct seen seen = {0};
    assay_executor_watch(executor, see, &seen);
    const size_t batch = with.batch ? with.batch : 1;
    EXPECT(assay_executor_output(executor, 0)->shape.dims[0] == (int32_t)batch);
    for (int scale = 1; scale <= 2; scale++) {
        float *in = assay_executor_input(executor, 0)->data;
        for (size_t i = 0; i < 3 * batch; i++)
            in[i] = (float)scale;
        seen.count = 0;
        assay_executor_run(executor);
        const float *out = assay_executor_output(executor, 0)->data;
        for (size_t i = 0; i < batch; i++)
            EXPECT(out[i] == (scale == 1 ? 14.0f : 26.0f));
        EXPECT(seen.count == subgraph.operator_count && seen.middle == (scale == 1 ? 7.0f : 13.0f));
    }
    EXPECT(!kernel || strcmp(seen.kernel, kernel) == 0);
    const struct assay_executor_memory memory = assay_executor_memory(executor);
    EXPECT(memory.activation_bytes >= memory.lower_bound && memory.lower_bound > 0 && memory.packed_bytes > 0);
    assay_executor_free(executor);
}

static void check_floats(void)
{
    make_float_graph();
    run_floats(options(NULL, 0), NULL);
    run_floats(options("ref", 0), "gemm_f32_ref");
    run_floats(options("gemm_f32_re?", 5), "gemm_f32_ref");
    run_floats(options(NULL, 3), NULL);
    tensors[WEIGHTS_A] = tensor(ASSAY_TENSOR_F16, 2, 3, halves_a);
    run_floats(options("ref", 2), "gemm_f16w_ref");
    struct assay_executor_options half = options("ref", 2);
    half.half = true;
    half.threads = 3;
    run_floats(half, "gemm_f16af32_ref");

    /* The same behind DEQUANTIZE, as converters write it: the floats are never made. */
    static const int32_t halves[] = {HALVES}, weights[] = {WEIGHTS_A};
    make_float_graph();
    tensors[WEIGHTS_A].data = NULL;
    operators[2] = operators[1];
    operators[1] = operators[0];
    operators[0] = (struct assay_operator){
        .code = ASSAY_OPERATOR_DEQUANTIZE, .input_count = 1, .output_count = 1, .inputs = halves, .outputs = weights};
    subgraph.operator_count = 3;
    run_floats(options("ref", 2), "gemm_f16w_ref");
}

/* int8 at scale 1; ReLU-1-to-1 clamps to -1 … 1; weights of -128 are computed, by a kernel that takes them. */
static void check_integers(const int8_t *weights, enum assay_fused fused, int expected, const char *kernel)
{
    make_float_graph();
    for (size_t i = IN; i <= MIDDLE; i++)
        tensors[i].quantization = (struct assay_tensor_quantization){1, one, zero, 0};
    tensors[IN].type = tensors[WEIGHTS_A].type = tensors[MIDDLE].type = ASSAY_TENSOR_I8;
    tensors[WEIGHTS_A].data = weights;
    tensors[WEIGHTS_A].bytes = 6;
    tensors[BIAS_A].type = ASSAY_TENSOR_I32;
    tensors[BIAS_A].data = bias_int;
    static const int32_t outputs[] = {MIDDLE};
    subgraph.outputs = outputs;
    subgraph.operator_count = 1;
    operators[0].fused = fused;
    struct assay_model_error error = {{0}};
    struct assay_executor *executor = assay_executor_make(&graph, options(NULL, 0), &error);
    EXPECT(executor);
    if (!executor) {
        fprintf(stderr, "%s\n", error.text);
        return;
    }
    struct seen seen = {0};
    assay_executor_watch(executor, see, &seen);
    memcpy(assay_executor_input(executor, 0)->data, (int8_t[]){1, 1, 1}, 3);
    assay_executor_run(executor);
    EXPECT(((const int8_t *)assay_executor_output(executor, 0)->data)[0] == expected);
    EXPECT(!kernel || strcmp(seen.kernel, kernel) == 0);
    assay_executor_free(executor);
}

/* int16x8: 196603 / 6.15 is 31968 by the int32 rescale, which a bias of int32 (or none) asks for, and 31969 by the
 * int64 one, whose multiplier has 16 bits. */
static void check_int16(enum assay_tensor_type bias_type, const void *bias, int expected)
{
    static const float out_scale[] = {6.15f};
    static const int32_t outputs[] = {MIDDLE};
    make_float_graph();
    for (size_t i = IN; i <= MIDDLE; i++)
        tensors[i].quantization = (struct assay_tensor_quantization){1, i == MIDDLE ? out_scale : one, zero, 0};
    tensors[IN].type = tensors[MIDDLE].type = ASSAY_TENSOR_I16;
    tensors[WEIGHTS_A].type = ASSAY_TENSOR_I8;
    tensors[WEIGHTS_A].data = bytes_a;
    tensors[BIAS_A].type = bias_type;
    tensors[BIAS_A].data = bias;
    subgraph.outputs = outputs;
    subgraph.operator_count = 1;
    operators[0].input_count = bias ? 3 : 2;
    struct assay_model_error error = {{0}};
    struct assay_executor *executor = assay_executor_make(&graph, options(NULL, 0), &error);
    EXPECT(executor);
    if (!executor) {
        fprintf(stderr, "%s\n", error.text);
        return;
    }
    memcpy(assay_executor_input(executor, 0)->data, (int16_t[]){32767, 32767, 32767}, 6);
    assay_executor_run(executor);
    EXPECT(((const int16_t *)assay_executor_output(executor, 0)->data)[0] == expected);
    EXPECT(((const int16_t *)assay_executor_output(executor, 0)->data)[1] == 0);
    assay_executor_free(executor);
}

static void refuse(struct assay_executor_options with, const char *word)
{
    struct assay_model_error error = {{0}};
    struct assay_executor *executor = assay_executor_make(&graph, with, &error);
    EXPECT(!executor);
    if (!strstr(error.text, word)) {
        fprintf(stderr, "'%s' says nothing of '%s'\n", error.text, word);
        failures++;
    }
    assay_executor_free(executor);
}

static size_t held, refused;

static bool pack_and_hold(const struct assay_kernel *kernel, const struct assay_problem *problem,
                          const struct assay_weights *weights, void *packed)
{
    const struct assay_kernel *ours = kernel->detail;
    held++;
    return ours->pack(ours, problem, weights, packed);
}

static void release(const struct assay_kernel *kernel, void *packed, void *scratch)
{
    (void)kernel, (void)packed, (void)scratch;
    held--;
}

/* A layer of two outputs and no other. */
static const char *takes_two(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    refused += problem->gemm.n != 2;
    return problem->gemm.n == 2 ? NULL : "not two outputs";
}

/* Kernels of plugins: taken where their name or origin is asked for, unasked never, on one thread, and released. */
static void check_plugins(void)
{
    size_t count;
    const struct assay_kernel *const *ours = assay_kernels(ASSAY_OP_GEMM, &count);
    struct assay_kernel theirs = {0};
    for (size_t i = 0; i < count; i++)
        if (strcmp(ours[i]->name, "gemm_f32_ref") == 0) {
            theirs = *ours[i];
            theirs.detail = ours[i];
        }
    theirs.name = "gemm_f32_theirs";
    theirs.origin = "others";
    theirs.rank = 1000;
    theirs.supports = takes_two;
    theirs.pack = pack_and_hold;
    theirs.release = release;
    const struct assay_kernel *const plugins[] = {&theirs};
    make_float_graph();
    struct assay_executor_options with = options(NULL, 2);
    with.plugins = plugins;
    with.plugin_count = 1;
    run_floats(with, NULL);
    EXPECT(refused == 0);
    with.origin = "others";
    with.threads = 2;
    run_floats(with, "gemm_f32_theirs");
    EXPECT(refused > 0 && held == 0);
    with.origin = NULL;
    with.kernel = "*_theirs";
    run_floats(with, "gemm_f32_theirs");
    EXPECT(held == 0);
    with.kernel = NULL;
    with.origin = "nobody";
    refuse(with, "nobody");
}

static void check_refusals(void)
{
    make_float_graph();
    refuse(options("conv_nothing*", 0), "conv_nothing");
    struct assay_executor_options half = options(NULL, 0);
    half.half = true;
    refuse(half, "f16 weights");
    struct assay_executor_options crowded = options(NULL, 0);
    crowded.threads = SIZE_MAX;
    refuse(crowded, "threads");
    struct assay_executor_options tight = options(NULL, 0);
    for (tight.memory_limit = 0; tight.memory_limit < 900; tight.memory_limit += 50)
        refuse(tight, "limit");
    refuse(options(NULL, 1u << 30), "limit");
    tensors[WEIGHTS_A].data = NULL;
    refuse(options(NULL, 0), "constant");
    make_float_graph();
    tensors[IN].type = ASSAY_TENSOR_I32;
    refuse(options(NULL, 0), "mode");
    make_float_graph();
    operators[0].fused = ASSAY_FUSED_TANH;
    refuse(options(NULL, 0), "activation");
    make_float_graph();
    operators[0].code = ASSAY_OPERATOR_CODES;
    refuse(options(NULL, 0), "not computed");
    make_float_graph();
    subgraph.operator_count = 1;
    refuse(options(NULL, 0), "output 0");
}

int main(void)
{
    check_floats();
    check_integers(bytes_a, ASSAY_FUSED_NONE, 7, NULL);
    check_integers(bytes_a, ASSAY_FUSED_RELU_N1_TO_1, 1, NULL);
    check_integers(bytes_lowest, ASSAY_FUSED_NONE, -122, "gemm_i8_ref");
    check_int16(ASSAY_TENSOR_I32, bias_int, 31968);
    check_int16(ASSAY_TENSOR_I32, NULL, 31968);
    check_int16(ASSAY_TENSOR_I64, bias_wide, 31969);
    check_plugins();
    check_refusals();
    return failures != 0;
}
