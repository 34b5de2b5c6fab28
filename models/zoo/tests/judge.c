/* The files that `assay zoo` wrote, by this project's own reader and executor: the network classifies as many test
 * samples rightly as its trainer said, and at least as many as is promised. Usage: judge DIR RIGHT */
#include "models/data/dataset.h"
#include "models/run/executor.h"
#include "models/tflite/reader.h"
#include "tests/core/expect.h"

#include <stdlib.h>
#include <string.h>

static const size_t memory_limit = (size_t)64 << 20;
static const double least_top1 = 0.85; /* docs/zoo.md */

static struct assay_dataset *open_samples(const char *directory, const char *file, const struct assay_graph *graph)
{
    char path[4096];
    struct assay_model_error error = {""};
    snprintf(path, sizeof(path), "%s/%s", directory, file);
    struct assay_dataset *samples = assay_dataset_open(path, &error);
    EXPECT(samples != NULL, "%s", error.text);
    if (!samples)
        return NULL;
    EXPECT(assay_dataset_fits(samples, graph->subgraphs, &error), "%s", error.text);
    EXPECT(samples->task == ASSAY_TASK_CLASSIFICATION && samples->classes == 10 && samples->labels,
           "%s: no classification in 10 classes", path);
    size_t counts[10] = {0};
    const int32_t *labels = samples->labels->data;
    for (size_t i = 0; i < samples->samples; i++)
        counts[labels[i]]++;
    for (size_t c = 0; c < 10; c++)
        EXPECT(counts[c] == samples->samples / 10, "%s: %zu samples of class %zu", path, counts[c], c);
    return samples;
}

static size_t count_right(struct assay_executor *executor, const struct assay_dataset *samples)
{
    const int32_t *labels = samples->labels->data;
    struct assay_value *input = assay_executor_input(executor, 0);
    const float *scores = assay_executor_output(executor, 0)->data;
    size_t right = 0;
    for (size_t i = 0; i < samples->samples; i++) {
        assay_dataset_load(samples, 0, i, 1, input->tensor, input->data);
        assay_executor_run(executor);
        size_t best = 0;
        for (size_t j = 1; j < samples->classes; j++)
            best = scores[j] > scores[best] ? j : best;
        right += best == (size_t)labels[i];
    }
    return right;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    char path[4096];
    struct assay_model_error error = {""};
    snprintf(path, sizeof(path), "%s/shapes.tflite", argv[1]);
    struct assay_graph *graph = assay_tflite_read_file(path, memory_limit, &error);
    EXPECT(graph != NULL, "%s", error.text);
    if (!graph)
        return expect_report();
    struct assay_dataset *calibration = open_samples(argv[1], "shapes.calibration.assay", graph),
                         *test = open_samples(argv[1], "shapes.test.assay", graph);
    struct assay_executor *executor = assay_executor_make(
        graph, (struct assay_executor_options){.features = assay_cpu_features(), .memory_limit = memory_limit}, &error);
    EXPECT(executor != NULL, "%s", error.text);
    if (executor && calibration && test) {
        EXPECT(calibration->samples == 200 && test->samples == 1000, "%zu and %zu samples", calibration->samples,
               test->samples);
        const size_t right = count_right(executor, test);
        EXPECT(right == strtoul(argv[2], NULL, 10), "%zu are right, the trainer said %s", right, argv[2]);
        EXPECT((double)right >= least_top1 * (double)test->samples, "only %zu are right", right);
    }
    assay_executor_free(executor);
    assay_dataset_close(calibration);
    assay_dataset_close(test);
    assay_graph_free(graph);
    return expect_report();
}
