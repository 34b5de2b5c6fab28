/* Small networks by hand over datasets by hand: every task, every batch, and errors that can be told by a formula. */
#include "suites/eval/eval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int failures;

#define EXPECT(condition, ...)                              \
    do {                                                    \
        if (!(condition)) {                                 \
            fprintf(stderr, "%s:%d: ", __FILE__, __LINE__); \
            fprintf(stderr, __VA_ARGS__);                   \
            fputc('\n', stderr);                            \
            failures++;                                     \
        }                                                   \
    } while (0)

enum { SAMPLES = 23, WIDTH = 3 };
static float values[SAMPLES * WIDTH];
static const float scale = 0.3f;
static const int64_t zero = -5;
static char path[] = "/tmp/assay-eval-XXXXXX";

/* Two operators in a row: input, "middle", "out"; all of WIDTH elements a sample. */
struct chain {
    struct assay_tensor tensors[3];
    struct assay_operator operators[2];
    struct assay_subgraph subgraph;
    struct assay_graph graph;
};

static const int32_t indexes[] = {0, 1, 2};

static void make_chain(struct chain *chain, enum assay_tensor_type in, enum assay_tensor_type middle,
                       enum assay_operator_code first, enum assay_operator_code second, int32_t width)
{
    static const char *const names[] = {"in", "middle", "out"};
    const enum assay_tensor_type types[] = {in, middle, ASSAY_TENSOR_F32};
    *chain = (struct chain){0};
    for (int i = 0; i < 3; i++) {
        chain->tensors[i] = (struct assay_tensor){.name = names[i], .type = types[i], .shape = {2, {1, width}}};
        if (types[i] != ASSAY_TENSOR_F32)
            chain->tensors[i].quantization = (struct assay_tensor_quantization){1, &scale, &zero, 0};
    }
    for (int i = 0; i < 2; i++)
        chain->operators[i] = (struct assay_operator){.code = i ? second : first,
                                                      .version = 1,
                                                      .input_count = 1,
                                                      .output_count = 1,
                                                      .inputs = &indexes[i],
                                                      .outputs = &indexes[i + 1],
                                                      .leaky_relu = {1.0f}};
    chain->subgraph = (struct assay_subgraph){"", 3, 2, 1, 1, chain->tensors, chain->operators, indexes, &indexes[2]};
    chain->graph = (struct assay_graph){.description = "", .subgraph_count = 1, .subgraphs = &chain->subgraph};
}

/* LEAKY_RELU with slope 1 gives back what it gets. */
static void make_identity(struct chain *chain, int32_t width)
{
    make_chain(chain, ASSAY_TENSOR_F32, ASSAY_TENSOR_F32, ASSAY_OPERATOR_LEAKY_RELU, ASSAY_OPERATOR_LEAKY_RELU, width);
}

static void make_rounding(struct chain *chain, int32_t width)
{
    make_chain(chain, ASSAY_TENSOR_F32, ASSAY_TENSOR_I8, ASSAY_OPERATOR_QUANTIZE, ASSAY_OPERATOR_DEQUANTIZE, width);
}

/* What make_rounding()'s network makes of x. */
static double rounded(float x)
{
    const double q = round((double)(x / scale)) + (double)zero;
    return (double)((float)((q < -128 ? -128 : q > 127 ? 127 : q) - (double)zero) * scale);
}

static struct assay_dataset *dataset_of(enum assay_task task, enum assay_tensor_type type, const void *data,
                                        int32_t width, const void *labels, int32_t label_width)
{
    struct assay_model_error error = {{0}};
    const bool real = task == ASSAY_TASK_REGRESSION;
    const struct assay_data_array input = {
        "x", type, {2, {SAMPLES, width}}, data, SAMPLES * (size_t)width * assay_tensor_type_size(type)};
    const struct assay_data_array label = {"y",
                                           real ? ASSAY_TENSOR_F32 : ASSAY_TENSOR_I32,
                                           {2, {SAMPLES, label_width}},
                                           labels,
                                           SAMPLES * (size_t)label_width * 4};
    const struct assay_dataset dataset = {
        .name = "",
        .task = task,
        .samples = SAMPLES,
        .classes = task == ASSAY_TASK_CLASSIFICATION ? WIDTH : 0,
        .input_count = 1,
        .inputs = &input,
        .labels = labels ? &label : NULL,
    };
    EXPECT(assay_dataset_write(&dataset, path, &error), "%s", error.text);
    return assay_dataset_open(path, &error);
}

/* The dataset becomes the eval's. */
static struct eval eval_of(struct assay_dataset *dataset, struct chain *model, struct chain *reference, size_t batch)
{
    return (struct eval){.dataset = dataset,
                         .samples = SAMPLES,
                         .batch = batch,
                         .options = {.features = assay_cpu_features(), .memory_limit = 1 << 24},
                         .model = {.path = "model", .graph = &model->graph},
                         .reference = {.path = "reference", .graph = reference ? &reference->graph : NULL},
                         .operators = json_array()};
}

static double verdict(const struct eval_side *side, const char *metric)
{
    json_t *line = judge_verdict(&side->judge);
    const char *name = json_string_value(json_object_get(line, "metric"));
    EXPECT(name && strcmp(name, metric) == 0, "the metric is %s, not %s", name ? name : "none", metric);
    const json_t *value = json_object_get(line, "value");
    const double result = json_is_null(value) ? NAN : json_number_value(value);
    json_decref(line);
    return result;
}

static void run(struct eval *eval)
{
    struct assay_model_error error = {{0}};
    EXPECT(eval_run(eval, &error), "%s", error.text);
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-6 * fmax(fabs(a), fabs(b));
}

static double member(const struct eval *eval, size_t layer, const char *key)
{
    json_t *list = layers_list(&eval->layers);
    const json_t *value = json_object_get(json_array_get(list, layer), key);
    EXPECT(value, "layer %zu has no %s", layer, key);
    const double result = json_is_null(value) ? NAN : json_number_value(value);
    json_decref(list);
    return result;
}

/* Answers, errors of outputs and of layers, whatever the batch. */
static void check_classes(size_t batch)
{
    int32_t labels[SAMPLES];
    size_t right = 0, rounded_right = 0, agreed = 0;
    double sum = 0, absolute = 0, squared = 0, size = 0, most = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        size_t best = 0, best_rounded = 0;
        const float *x = values + i * WIDTH;
        for (size_t k = 0; k < WIDTH; k++) {
            const double difference = rounded(x[k]) - (double)x[k];
            best = x[k] > x[best] ? k : best;
            best_rounded = rounded(x[k]) > rounded(x[best_rounded]) ? k : best_rounded;
            sum += difference;
            absolute += fabs(difference);
            squared += difference * difference;
            size += (double)x[k] * (double)x[k];
            most = fmax(most, fabs(difference));
        }
        labels[i] = (int32_t)(i % 4 == 0 ? (best + 1) % WIDTH : best);
        right += (size_t)labels[i] == best;
        rounded_right += (size_t)labels[i] == best_rounded;
        agreed += best == best_rounded;
    }
    EXPECT(agreed < SAMPLES && agreed > 0, "the samples tell nothing: %zu agree", agreed);
    const double count = SAMPLES * WIDTH;
    struct chain model, reference;
    make_rounding(&model, WIDTH);
    make_identity(&reference, WIDTH);
    struct eval eval = eval_of(dataset_of(ASSAY_TASK_CLASSIFICATION, ASSAY_TENSOR_F32, values, WIDTH, labels, 1),
                               &model, &reference, batch);
    run(&eval);
    EXPECT(near(verdict(&eval.model, "top1"), (double)rounded_right / SAMPLES), "batch %zu: top-1", batch);
    EXPECT(near(verdict(&eval.reference, "top1"), (double)right / SAMPLES), "batch %zu: the reference's top-1", batch);
    EXPECT(judge_agreed(&eval.model.judge, &eval.reference.judge) == agreed, "batch %zu: agreement", batch);
    EXPECT(eval.outputs.count == (size_t)count && near(eval.outputs.most, most) &&
               near(metrics_mean_absolute(&eval.outputs), absolute / count) &&
               near(metrics_sqnr(&eval.outputs), 10 * log10(size / squared)),
           "batch %zu: the outputs' error", batch);
    for (size_t layer = 0; layer < 2; layer++)
        EXPECT(member(&eval, layer, "count") == count && near(member(&eval, layer, "mean_error"), sum / count) &&
                   near(member(&eval, layer, "max_abs_error"), most) &&
                   near(member(&eval, layer, "mse"), squared / count) &&
                   near(member(&eval, layer, "rms"), sqrt(size / count)) &&
                   near(member(&eval, layer, "sqnr"), 10 * log10(size / squared)),
               "batch %zu: the error of layer %zu", batch, layer);
    EXPECT(near(member(&eval, 0, "rmse_over_scale"), sqrt(squared / count) / (double)scale), "batch %zu: RMSE/scale",
           batch);
    EXPECT(isnan(member(&eval, 1, "rmse_over_scale")), "a float layer has a scale");
    EXPECT(json_array_size(eval.operators) == 2, "%zu operators are told", json_array_size(eval.operators));
    eval_free(&eval);
}

static void check_regression(void)
{
    float labels[SAMPLES * WIDTH];
    double squared = 0;
    for (size_t i = 0; i < SAMPLES * WIDTH; i++) {
        labels[i] = values[i] + (float)(i % 5) - 1;
        squared += (rounded(values[i]) - (double)labels[i]) * (rounded(values[i]) - (double)labels[i]);
    }
    struct chain model;
    make_rounding(&model, WIDTH);
    struct eval eval =
        eval_of(dataset_of(ASSAY_TASK_REGRESSION, ASSAY_TENSOR_F32, values, WIDTH, labels, WIDTH), &model, NULL, 4);
    run(&eval);
    EXPECT(near(verdict(&eval.model, "mse"), squared / (SAMPLES * WIDTH)), "mean squared error");
    eval_free(&eval);
}

/* The share of pairs of a positive and a negative in which the positive has the higher score. */
static double pairs(const double *scores, const int32_t *labels)
{
    double won = 0, all = 0;
    for (size_t i = 0; i < SAMPLES; i++)
        for (size_t k = 0; k < SAMPLES; k++)
            if (labels[i] == 1 && labels[k] == 0) {
                won += scores[i] > scores[k] ? 1 : scores[i] == scores[k] ? 0.5 : 0;
                all++;
            }
    return won / all;
}

static void check_scores(enum assay_task task, int32_t width)
{
    int32_t labels[SAMPLES];
    double scores[SAMPLES];
    for (int32_t i = 0; i < SAMPLES; i++) {
        labels[i] = i * 7 % 3 == 0;
        scores[i] = task == ASSAY_TASK_BINARY ? rounded(values[i * width + width - 1]) : 0;
        for (int32_t k = 0; k < width && task == ASSAY_TASK_RECONSTRUCTION; k++) {
            const double x = (double)values[i * width + k], difference = rounded((float)x) - x;
            scores[i] += difference * difference;
        }
        if (task == ASSAY_TASK_RECONSTRUCTION)
            scores[i] /= width;
    }
    struct chain model;
    make_rounding(&model, width);
    struct eval eval = eval_of(dataset_of(task, ASSAY_TENSOR_F32, values, width, labels, 1), &model, NULL, 5);
    run(&eval);
    EXPECT(near(verdict(&eval.model, "auc"), pairs(scores, labels)), "area of %s", assay_task_name(task));
    for (size_t i = 0; i < SAMPLES; i++)
        EXPECT(near(eval.model.judge.answers[i], scores[i]) || fabs(scores[i]) < 1e-9, "score %zu is %g, not %g", i,
               eval.model.judge.answers[i], scores[i]);
    eval_free(&eval);
}

/* Samples of the network's own type: the reference gets the reals that they mean, so that nothing differs. */
static void check_own_type(void)
{
    int8_t stored[SAMPLES * WIDTH];
    for (int i = 0; i < SAMPLES * WIDTH; i++)
        stored[i] = (int8_t)(i * 37);
    struct chain model, reference;
    make_chain(&model, ASSAY_TENSOR_I8, ASSAY_TENSOR_F32, ASSAY_OPERATOR_DEQUANTIZE, ASSAY_OPERATOR_LEAKY_RELU, WIDTH);
    make_identity(&reference, WIDTH);
    struct eval eval =
        eval_of(dataset_of(ASSAY_TASK_NONE, ASSAY_TENSOR_I8, stored, WIDTH, NULL, 0), &model, &reference, 0);
    run(&eval);
    EXPECT(eval.batch == 1, "the batch is %zu, not the file's", eval.batch);
    EXPECT(eval.outputs.most == 0 && isinf(metrics_sqnr(&eval.outputs)), "%g off", eval.outputs.most);
    EXPECT(judge_agreed(&eval.model.judge, &eval.reference.judge) == SAMPLES, "answers differ");
    EXPECT(isnan(member(&eval, 0, "sqnr")), "an infinite SQNR is no null");
    json_t *none = judge_verdict(&eval.model.judge);
    EXPECT(json_is_null(none), "a verdict without a task");
    json_decref(none);
    eval_free(&eval);
}

/* Two fully connected layers in a row: 0 in, 1 "middle", 2 "out", 3 and 4 their weights. */
struct layered {
    struct assay_tensor tensors[5];
    struct assay_operator operators[2];
    struct assay_subgraph subgraph;
    struct chain chain; /* for eval_of(): its graph alone */
};

static void make_layered(struct layered *layered, const float *first, const float *second)
{
    static const char *const names[] = {"in", "middle", "out", "a", "b"};
    static const int32_t inputs[2][2] = {{0, 3}, {1, 4}};
    *layered = (struct layered){0};
    for (int i = 0; i < 5; i++)
        layered->tensors[i] = (struct assay_tensor){
            .name = names[i],
            .type = ASSAY_TENSOR_F32,
            .shape = {2, {i < 3 ? 1 : WIDTH, WIDTH}},
            .data = i < 3    ? NULL
                    : i == 3 ? first
                             : second,
            .bytes = i < 3 ? 0 : WIDTH * WIDTH * sizeof(float),
        };
    for (int i = 0; i < 2; i++)
        layered->operators[i] = (struct assay_operator){.code = ASSAY_OPERATOR_FULLY_CONNECTED,
                                                        .version = 1,
                                                        .input_count = 2,
                                                        .output_count = 1,
                                                        .inputs = inputs[i],
                                                        .outputs = &indexes[i + 1]};
    layered->subgraph =
        (struct assay_subgraph){"", 5, 2, 1, 1, layered->tensors, layered->operators, indexes, &indexes[2]};
    layered->chain.graph =
        (struct assay_graph){.description = "", .subgraph_count = 1, .subgraphs = &layered->subgraph};
}

/* Only the first layer's weights differ: the second has an error, but none of its own. */
static void check_isolated(size_t batch)
{
    static const float weights[] = {1, -2, 0.5f, 3, 1, -1, 0.25f, 2, 1},
                       others[] = {1, -2, 0.5f, 3, 1.5f, -1, 0.25f, 2, 1};
    struct layered model, reference;
    make_layered(&model, others, weights);
    make_layered(&reference, weights, weights);
    struct eval eval = eval_of(dataset_of(ASSAY_TASK_NONE, ASSAY_TENSOR_F32, values, WIDTH, NULL, 0), &model.chain,
                               &reference.chain, batch);
    eval.isolates = true;
    run(&eval);
    double squared = 0; /* the middle element of the first layer's output has 0.5 of the input's more */
    for (size_t i = 0; i < SAMPLES; i++)
        squared += 0.25 * (double)values[i * WIDTH + 1] * (double)values[i * WIDTH + 1];
    json_t *list = layers_list(&eval.layers);
    isolate_describe(&eval.isolate, list);
    EXPECT(json_array_size(list) == 2, "%zu layers", json_array_size(list));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i), *own = json_object_get(entry, "own");
        const double mse = json_number_value(json_object_get(own, "mse"));
        EXPECT(json_integer_value(json_object_get(own, "count")) == SAMPLES * WIDTH, "layer %zu was not looked at", i);
        EXPECT(json_number_value(json_object_get(entry, "mse")) > 0, "layer %zu has no error", i);
        EXPECT(i == 0 ? fabs(mse * SAMPLES * WIDTH - squared) < 1e-5 * squared : mse == 0,
               "batch %zu: the own error of layer %zu is %g", batch, i, mse);
    }
    json_decref(list);
    eval_free(&eval);
}

/* One layer in place of two: its weights are their product, but for one that is 1 too large. */
static void check_merged(void)
{
    static const float a[] = {1, 2, 0, 0, 1, 0, 0, 0, 1}, b[] = {1, 0, 0, 0, 1, 0, 3, 0, 1};
    static const float merged[] = {1, 2, 0, 0, 1, 1, 3, 6, 1}; /* b times a, and 1 more in the middle row */
    struct layered model, reference;
    make_layered(&model, merged, b);
    make_layered(&reference, a, b);
    model.operators[0].outputs = &indexes[2];
    model.subgraph.operator_count = 1;
    struct eval eval = eval_of(dataset_of(ASSAY_TASK_NONE, ASSAY_TENSOR_F32, values, WIDTH, NULL, 0), &model.chain,
                               &reference.chain, 3);
    eval.isolates = true;
    run(&eval);
    double squared = 0;
    for (size_t i = 0; i < SAMPLES; i++)
        squared += (double)values[i * WIDTH + 2] * (double)values[i * WIDTH + 2];
    json_t *list = layers_list(&eval.layers);
    isolate_describe(&eval.isolate, list);
    const json_t *own = json_object_get(json_array_get(list, 0), "own");
    const double mse = json_number_value(json_object_get(own, "mse"));
    EXPECT(fabs(mse * SAMPLES * WIDTH - squared) < 1e-5 * squared, "the own error of two layers in one is %g", mse);
    json_decref(list);
    eval_free(&eval);
}

static void expect_refused(struct assay_dataset *dataset, struct chain *model, struct chain *reference,
                           const char *words)
{
    struct assay_model_error error = {{0}};
    struct eval eval = eval_of(dataset, model, reference, 0);
    EXPECT(!eval_run(&eval, &error) && strstr(error.text, words), "not '%s' but '%s'", words, error.text);
    eval_free(&eval);
}

static void check_refusals(void)
{
    static const int32_t labels[SAMPLES] = {0, 1};
    struct chain model, other;
    make_rounding(&model, 2);
    make_identity(&other, WIDTH);
    expect_refused(dataset_of(ASSAY_TASK_NONE, ASSAY_TENSOR_F32, values, WIDTH, NULL, 0), &model, NULL,
                   "model: input 0: a sample has 3 elements");
    expect_refused(dataset_of(ASSAY_TASK_NONE, ASSAY_TENSOR_F32, values, 2, NULL, 0), &model, &other, "reference:");
    expect_refused(dataset_of(ASSAY_TASK_CLASSIFICATION, ASSAY_TENSOR_F32, values, 2, labels, 1), &model, NULL,
                   "3 classes");
    expect_refused(dataset_of(ASSAY_TASK_BINARY, ASSAY_TENSOR_F32, values, WIDTH, labels, 1), &other, NULL,
                   "binary takes");
    expect_refused(dataset_of(ASSAY_TASK_REGRESSION, ASSAY_TENSOR_F32, values, 2, values, 1), &model, NULL,
                   "a label has 1 element");
    model.graph.subgraphs = &other.subgraph;
    other.subgraph.output_count = 0;
    expect_refused(dataset_of(ASSAY_TASK_NONE, ASSAY_TENSOR_F32, values, WIDTH, NULL, 0), &model, NULL, "no output");
}

int main(void)
{
    const int file = mkstemp(path);
    if (file < 0 || close(file) != 0) {
        perror(path);
        return 1;
    }
    for (int i = 0; i < SAMPLES * WIDTH; i++)
        values[i] = (float)((i * 7919 % 1009) - 500) * 0.004f * (i % 11 == 0 ? 30.0f : 1.0f);
    /* Two that saturate to one value, and two that round to one: the first is the answer then. */
    memcpy(values + 3 * WIDTH, (const float[]){50, 60, 0, 0.1f, 0.12f, -1}, 6 * sizeof(float));
    const size_t batches[] = {0, 1, 2, 5, SAMPLES - 1, SAMPLES, 100};
    for (size_t i = 0; i < sizeof(batches) / sizeof(batches[0]); i++)
        check_classes(batches[i]);
    check_regression();
    check_scores(ASSAY_TASK_BINARY, 1);
    check_scores(ASSAY_TASK_BINARY, 2);
    check_scores(ASSAY_TASK_RECONSTRUCTION, WIDTH);
    check_own_type();
    check_isolated(1);
    check_isolated(4);
    check_merged();
    check_refusals();
    unlink(path);
    return failures != 0;
}
