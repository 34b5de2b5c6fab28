/* What the executor computes of the exported network against the trainer's own forward pass, after training that is too
 * short to be good, but long enough that no weight and no running statistic is what it began as. */
#include "models/zoo/export.h"
#include "models/run/executor.h"
#include "models/zoo/shapes_plan.h"
#include "models/zoo/train.h"
#include "tests/core/expect.h"

#include <math.h>
#include <string.h>

enum { BATCH = 16, SAMPLES = 96, SEED = 11 };

static size_t count_operators(const struct assay_graph *graph, enum assay_operator_code code)
{
    size_t count = 0;
    for (size_t i = 0; i < graph->subgraphs->operator_count; i++)
        count += graph->subgraphs->operators[i].code == code;
    return count;
}

/* Batch normalization is still MUL and ADD, activations are still operators, and one addition is of two activations. */
static void test_operators(const struct assay_graph *graph)
{
    size_t norms = 0;
    for (size_t i = 0; i < zoo_shapes_plan.layer_count; i++)
        norms += zoo_shapes_plan.layers[i].kind == ZOO_NORM;
    EXPECT(count_operators(graph, ASSAY_OPERATOR_MUL) == norms, "%zu MUL", count_operators(graph, ASSAY_OPERATOR_MUL));
    EXPECT(count_operators(graph, ASSAY_OPERATOR_ADD) == norms + 1, "%zu ADD",
           count_operators(graph, ASSAY_OPERATOR_ADD));
    EXPECT(count_operators(graph, ASSAY_OPERATOR_RELU) > 0, "no RELU");
    EXPECT(count_operators(graph, ASSAY_OPERATOR_RELU6) > 0, "no RELU6");
    EXPECT(count_operators(graph, ASSAY_OPERATOR_SOFTMAX) == 1, "no SOFTMAX");
    const struct assay_subgraph *s = graph->subgraphs;
    for (size_t i = 0; i < s->tensor_count; i++)
        for (size_t j = i + 1; j < s->tensor_count; j++)
            EXPECT(strcmp(s->tensors[i].name, s->tensors[j].name) != 0, "two tensors are named '%s'",
                   s->tensors[i].name);
}

/* TFLite's interpreter prepares no convolution without one. */
static void test_biases(const struct assay_graph *graph)
{
    const struct assay_subgraph *s = graph->subgraphs;
    size_t layers = 0;
    for (size_t i = 0; i < s->operator_count; i++) {
        const struct assay_operator *op = &s->operators[i];
        if (op->code != ASSAY_OPERATOR_CONV_2D && op->code != ASSAY_OPERATOR_DEPTHWISE_CONV_2D)
            continue;
        layers++;
        EXPECT(op->input_count == 3 && op->inputs[2] >= 0, "operator %zu has no bias", i);
        if (op->input_count < 3 || op->inputs[2] < 0)
            continue;
        const struct assay_tensor *bias = &s->tensors[op->inputs[2]], *out = &s->tensors[op->outputs[0]];
        EXPECT(bias->data && bias->shape.rank == 1 && bias->shape.dims[0] == out->shape.dims[out->shape.rank - 1],
               "'%s' is no bias of '%s'", bias->name, out->name);
    }
    EXPECT(layers > 0, "no convolution");
}

static void test_outputs(struct zoo_network *network, const struct assay_graph *graph, const char *kernel, size_t batch)
{
    struct assay_model_error error;
    struct assay_executor *executor = assay_executor_make(
        graph,
        (struct assay_executor_options){
            .features = assay_cpu_features(), .kernel = kernel, .memory_limit = (size_t)64 << 20, .batch = batch},
        &error);
    EXPECT(executor != NULL, "%s", error.text);
    if (!executor)
        return;
    float worst = 0;
    int32_t labels[BATCH];
    for (size_t first = 0; first < SAMPLES; first += batch) {
        for (size_t i = 0; i < batch; i++) {
            assay_shapes_draw(SEED, ASSAY_SHAPES_TEST, first + i, network->values[0] + i * ASSAY_SHAPES_FLOATS);
            labels[i] = assay_shapes_label(first + i);
        }
        memcpy(assay_executor_input(executor, 0)->data, network->values[0],
               batch * ASSAY_SHAPES_FLOATS * sizeof(float));
        assay_executor_run(executor);
        float *own = zoo_network_forward(network, batch, false);
        zoo_softmax_loss(own, labels, batch, ASSAY_SHAPES_CLASSES);
        const float *found = assay_executor_output(executor, 0)->data;
        for (size_t i = 0; i < batch * ASSAY_SHAPES_CLASSES; i++)
            worst = fabsf(found[i] - own[i]) <= worst ? worst : fabsf(found[i] - own[i]);
    }
    EXPECT(worst <= 1e-4f, "%s, batch %zu: outputs differ by up to %g", kernel ? kernel : "best kernels", batch,
           (double)worst);
    assay_executor_free(executor);
}

int main(void)
{
    struct zoo_network *network = zoo_network_make(&zoo_shapes_plan, BATCH, SEED);
    const struct zoo_training training = {
        .seed = SEED, .epochs = 1, .images = 640, .batch = BATCH, .rate = 0.05f, .momentum = 0.9f, .decay = 1e-4f};
    struct assay_model_error error = {""};
    EXPECT(network && zoo_train(network, &training), "no memory");
    struct assay_graph *graph = network ? zoo_export(network, &error) : NULL;
    EXPECT(graph != NULL, "%s", error.text);
    if (graph) {
        test_operators(graph);
        test_biases(graph);
        test_outputs(network, graph, NULL, 1);
        test_outputs(network, graph, NULL, 6);
        test_outputs(network, graph, "ref", 16);
    }
    assay_graph_free(graph);
    zoo_network_free(network);
    return expect_report();
}
