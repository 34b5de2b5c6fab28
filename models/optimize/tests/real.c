/* Trained networks, converted, written and read again.
 *   real FOLDER /MODEL               float modes of the network, on random images; ASSAY_REFERENCE_MODELS names another
 *                                    folder
 *   real MODEL CALIBRATION TEST      the same, and what each mode still classifies rightly
 * Every layer with weights is judged where it is: its input as it comes to be goes through the layer of the folded
 * float network in f64, with the bounds of the mode. Exit status 77: there is no such file. */
#include "models/data/dataset.h"
#include "models/optimize/optimize.h"
#include "models/optimize/tests/judge.h"
#include "models/optimize/tests/random_network.h"
#include "models/tflite/reader.h"
#include "models/tflite/writer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { IMAGES = 2 };

static struct assay_graph *need(struct assay_graph *graph, const struct assay_model_error *error)
{
    if (graph)
        return graph;
    fprintf(stderr, "%s\n", error->text);
    exit(1);
}

static struct assay_graph *convert(const struct assay_graph *graph, enum assay_mode mode,
                                   const struct assay_dataset *calibration)
{
    struct assay_model_error error = {{0}};
    const struct assay_optimize_options options = {.all.mode = mode,
                                                   .samples = calibration,
                                                   .calibration.features = assay_cpu_features(),
                                                   .memory_limit = TEST_MEMORY};
    struct assay_graph *converted = need(assay_optimize(graph, &options, &error), &error);
    size_t size = 0;
    void *bytes = assay_tflite_write(converted, &size, &error);
    struct assay_graph *read = bytes ? assay_tflite_read(bytes, size, TEST_MEMORY, &error) : NULL;
    free(bytes);
    assay_graph_free(converted);
    return need(read, &error);
}

/* The layers of the folded float network, met one after the other. */
struct layers {
    const struct assay_subgraph *folded;
    struct real **tensors;
    size_t next, judged;
};

static void judge_layer(void *context, const struct assay_node *node, size_t index)
{
    struct layers *layers = context;
    if (!is_layer(node->op->code))
        return;
    while (!is_layer(layers->folded->operators[layers->next].code))
        layers->next++;
    const struct assay_operator *op = &layers->folded->operators[layers->next++];
    size_t inputs = 0, outputs = 0;
    assay_shape_count(&node->in[0]->shape, &inputs);
    assay_shape_count(&node->out[0]->shape, &outputs);
    for (size_t i = 0; i < inputs; i++)
        layers->tensors[op->inputs[0]][i] = (struct real){(double)((const float *)node->in[0]->data)[i], 0};
    EXPECT(node->op->code == op->code && exact_operator(layers->folded, op, layers->tensors), "operator %zu", index);
    for (size_t i = 0; i < outputs; i++) {
        const struct real want = layers->tensors[op->outputs[0]][i];
        const double got = (double)((const float *)node->out[0]->data)[i];
        if (!(fabs(got - want.value) <= want.error + 1e-30)) {
            EXPECT(false, "operator %zu [%zu]: %.9g, not %.9g +- %.3g", index, i, got, want.value, want.error);
            return;
        }
    }
    layers->judged++;
}

static void judge_floats(const struct assay_graph *folded, const struct assay_graph *converted,
                         struct uncertainty constants, uint64_t seed)
{
    struct layers layers = {&folded->subgraphs[0], exact_tensors(&folded->subgraphs[0], constants), 0, 0};
    float *input = random_input(&converted->subgraphs[0], seed);
    struct assay_executor *executor = make_executor(converted, NULL, input);
    assay_executor_watch(executor, judge_layer, &layers);
    assay_executor_run(executor);
    EXPECT(layers.judged > 0, "no layer was judged");
    assay_executor_free(executor);
    free(input);
    exact_free(&folded->subgraphs[0], layers.tensors);
}

static void check_floats(const struct assay_graph *graph)
{
    struct assay_graph *folded = convert(graph, ASSAY_MODE_FP32, NULL);
    struct assay_graph *halves = convert(graph, ASSAY_MODE_FP16W, NULL);
    struct assay_graph *hybrid = convert(graph, ASSAY_MODE_HYBRID, NULL);
    for (uint64_t seed = 0; seed < IMAGES; seed++) {
        judge_floats(folded, folded, (struct uncertainty){0}, seed);
        judge_floats(folded, halves, (struct uncertainty){0x1p-11, 0x1p-25}, seed);
        EXPECT(judge_hybrid_layers(hybrid, seed, NULL) > 0, "no hybrid layer");
    }
    assay_graph_free(folded);
    assay_graph_free(halves);
    assay_graph_free(hybrid);
}

static size_t largest(const float *values, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        best = values[i] > values[best] ? i : best;
    return best;
}

static size_t count_right(const struct assay_graph *graph, const struct assay_dataset *test)
{
    struct assay_model_error error = {{0}};
    struct assay_executor *executor = assay_executor_make(
        graph,
        (struct assay_executor_options){.features = assay_cpu_features(), .memory_limit = TEST_MEMORY, .batch = 1},
        &error);
    if (!executor || !assay_dataset_fits(test, &graph->subgraphs[0], &error)) {
        fprintf(stderr, "%s\n", error.text);
        exit(1);
    }
    size_t right = 0;
    for (size_t i = 0; i < test->samples; i++) {
        struct assay_value *input = assay_executor_input(executor, 0);
        assay_dataset_load(test, 0, i, 1, input->tensor, input->data);
        assay_executor_run(executor);
        const float *output = assay_executor_output(executor, 0)->data;
        right += largest(output, test->classes) == (size_t)((const int32_t *)test->labels->data)[i];
    }
    assay_executor_free(executor);
    return right;
}

/* Published losses of post-training conversion are below three points for networks of this kind, and folding and
 * float16 lose next to nothing. */
static void check_accuracy(const struct assay_graph *graph, const char *calibration_path, const char *test_path)
{
    static const struct {
        enum assay_mode mode;
        double loss;
    } modes[] = {{ASSAY_MODE_FP32, 0.001},
                 {ASSAY_MODE_FP16W, 0.005},
                 {ASSAY_MODE_HYBRID, 0.03},
                 {ASSAY_MODE_INT16X8, 0.03},
                 {ASSAY_MODE_INT8, 0.03}};
    struct assay_model_error error = {{0}};
    struct assay_dataset *calibration = assay_dataset_open(calibration_path, &error);
    struct assay_dataset *test = calibration ? assay_dataset_open(test_path, &error) : NULL;
    if (!test) {
        fprintf(stderr, "%s\n", error.text);
        exit(1);
    }
    const size_t before = count_right(graph, test);
    printf("as it is: %zu of %zu right\n", before, test->samples);
    for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
        struct assay_graph *converted = convert(graph, modes[m].mode, calibration);
        const size_t after = count_right(converted, test);
        printf("%s: %zu\n", assay_mode_name(modes[m].mode), after);
        EXPECT((double)after >= (double)before - modes[m].loss * (double)test->samples, "%s: %zu right, %zu before",
               assay_mode_name(modes[m].mode), after, before);
        assay_graph_free(converted);
    }
    assay_dataset_close(test);
    assay_dataset_close(calibration);
}

int main(int argc, char **argv)
{
    const char *elsewhere = getenv("ASSAY_REFERENCE_MODELS");
    char path[4096];
    if (argc == 4)
        snprintf(path, sizeof(path), "%s", argv[1]);
    else if (argc == 3)
        snprintf(path, sizeof(path), "%s%s", elsewhere ? elsewhere : argv[1], argv[2]);
    else
        return 2;
    if (argc == 3 && access(path, R_OK) != 0) {
        printf("skipped: there is no %s (ASSAY_REFERENCE_MODELS names another folder)\n", path);
        return 77;
    }
    struct assay_model_error error = {{0}};
    struct assay_graph *graph = need(assay_tflite_read_file(path, TEST_MEMORY, &error), &error);
    check_floats(graph);
    if (argc == 4)
        check_accuracy(graph, argv[2], argv[3]);
    assay_graph_free(graph);
    return failures != 0;
}
