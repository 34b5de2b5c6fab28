#include "models/optimize/tests/judge.h"

#include "models/optimize/tests/random_network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int failures;

float *random_input(const struct assay_subgraph *network, uint64_t seed)
{
    struct random random = {seed + 99};
    size_t count = 0;
    assay_shape_count(&network->tensors[network->inputs[0]].shape, &count);
    float *input = calloc(count + 1, sizeof(*input));
    for (size_t i = 0; i < count; i++)
        input[i] = random_real(&random, -2, 2);
    return input;
}

struct assay_executor *make_executor(const struct assay_graph *graph, const char *kernel, const float *input)
{
    struct assay_model_error error = {{0}};
    struct assay_executor *executor =
        assay_executor_make(graph,
                            (struct assay_executor_options){
                                .features = assay_cpu_features(), .kernel = kernel, .memory_limit = TEST_MEMORY},
                            &error);
    if (!executor) {
        fprintf(stderr, "a converted network does not run: %s\n", error.text);
        exit(1);
    }
    size_t count = 0;
    struct assay_value *value = assay_executor_input(executor, 0);
    assay_shape_count(&value->shape, &count);
    memcpy(value->data, input, count * sizeof(*input));
    return executor;
}

void compare_outputs(const struct assay_graph *original, const struct assay_graph *changed,
                     struct uncertainty constants, uint64_t seed, const char *kernel)
{
    const struct assay_subgraph *network = &original->subgraphs[0];
    float *input = random_input(network, seed);
    struct real **expected = exact_run(network, input, constants);
    struct assay_executor *executor = make_executor(changed, kernel, input);
    assay_executor_run(executor);
    EXPECT(expected, "an operator that exact.c does not know");
    for (size_t o = 0; expected && o < network->output_count; o++) {
        const float *got = assay_executor_output(executor, o)->data;
        const struct real *want = expected[network->outputs[o]];
        size_t count = 0;
        assay_shape_count(&assay_executor_output(executor, o)->shape, &count);
        EXPECT(
            assay_shape_equal(&assay_executor_output(executor, o)->shape, &network->tensors[network->outputs[o]].shape),
            "network %d, output %zu", (int)seed, o);
        for (size_t i = 0; i < count; i++)
            if (!(fabs((double)got[i] - want[i].value) <= want[i].error + 1e-30)) {
                EXPECT(false, "network %d, output %zu [%zu]: %.9g, not %.9g +- %.3g", (int)seed, o, i, (double)got[i],
                       want[i].value, want[i].error);
                break;
            }
    }
    exact_free(network, expected);
    assay_executor_free(executor);
    free(input);
}

/* What a hybrid layer makes of its input, by the definition in kernels/quantize/dynamic.h: runs of `length` numbers, in
 * f32 as there, then expanded in f64. */
static void quantize_rows(const float *x, size_t rows, size_t length, struct real *to)
{
    for (size_t r = 0; r < rows; r++, x += length, to += length) {
        float low = 0, high = 0;
        for (size_t i = 0; i < length; i++) {
            low = fminf(low, x[i]);
            high = fmaxf(high, x[i]);
        }
        const float scale = (high - low) / 255.0f;
        const float inverse = 1.0f / scale;
        const double zero = scale > 0 ? fmin(fmax(nearbyint((double)(-128.0f - low / scale)), -128), 127) : 0;
        for (size_t i = 0; i < length; i++) {
            const double q = scale > 0 ? fmin(fmax(nearbyint((double)(x[i] * inverse)) + zero, -128), 127) : 0;
            to[i] = (struct real){(q - zero) * (double)scale, 0};
        }
    }
}

struct hybrid_watch {
    const struct assay_subgraph *network;
    struct real **tensors;
    size_t layers;
    uint64_t seed;
};

bool is_layer(enum assay_operator_code code)
{
    return code == ASSAY_OPERATOR_CONV_2D || code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ||
           code == ASSAY_OPERATOR_FULLY_CONNECTED;
}

static void judge_layer(void *context, const struct assay_node *node, size_t index)
{
    struct hybrid_watch *watch = context;
    if (!is_layer(node->op->code) || node->in[0]->tensor->type != ASSAY_TENSOR_F32 ||
        node->in[1]->tensor->type != ASSAY_TENSOR_I8)
        return;
    watch->layers++;
    size_t count = 0, outputs = 0;
    assay_shape_count(&node->in[0]->shape, &count);
    assay_shape_count(&node->out[0]->shape, &outputs);
    const size_t rows = node->op->code == ASSAY_OPERATOR_FULLY_CONNECTED ? count / (size_t)node->in[1]->shape.dims[1]
                                                                         : (size_t)node->in[0]->shape.dims[0];
    quantize_rows(node->in[0]->data, rows, count / rows, watch->tensors[node->op->inputs[0]]);
    EXPECT(exact_operator(watch->network, node->op, watch->tensors), "operator %zu", index);
    for (size_t i = 0; i < outputs; i++) {
        const struct real want = watch->tensors[node->op->outputs[0]][i];
        const double got = (double)((const float *)node->out[0]->data)[i];
        if (!(fabs(got - want.value) <= want.error + 1e-30)) {
            EXPECT(false, "network %d, operator %zu [%zu]: %.9g, not %.9g +- %.3g", (int)watch->seed, index, i, got,
                   want.value, want.error);
            return;
        }
    }
}

size_t judge_hybrid_layers(const struct assay_graph *graph, uint64_t seed, const char *kernel)
{
    const struct assay_subgraph *network = &graph->subgraphs[0];
    float *input = random_input(network, seed);
    struct assay_executor *executor = make_executor(graph, kernel, input);
    struct hybrid_watch watch = {network, exact_tensors(network, (struct uncertainty){0}), 0, seed};
    assay_executor_watch(executor, judge_layer, &watch);
    assay_executor_run(executor);
    exact_free(network, watch.tensors);
    assay_executor_free(executor);
    free(input);
    return watch.layers;
}
