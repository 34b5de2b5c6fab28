/* Small networks for tests of conversions: made by a draft, run on samples in memory, converted, run again. */
#ifndef ASSAY_MODELS_OPTIMIZE_TESTS_SMALL_H
#define ASSAY_MODELS_OPTIMIZE_TESTS_SMALL_H

#include "models/optimize/passes.h"
#include "models/run/executor.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL_LIMIT = 1 << 26, SMALL_SAMPLES = 24, SMALL_INPUTS = 3, SMALL_OPERATORS = 64 };

static int failures;
static const char *at_work = "";

#define EXPECT(condition)                                                                     \
    do {                                                                                      \
        if (!(condition)) {                                                                   \
            fprintf(stderr, "%s:%d: %s: not: %s\n", __FILE__, __LINE__, at_work, #condition); \
            failures++;                                                                       \
        }                                                                                     \
    } while (0)

#define SHAPE(...) ((struct assay_shape){sizeof((int32_t[]){__VA_ARGS__}) / sizeof(int32_t), {__VA_ARGS__}})

static inline _Noreturn void small_stop(const struct assay_model_error *error)
{
    fprintf(stderr, "%s: %s\n", at_work, error->text);
    exit(1);
}

/* --- making --------------------------------------------------------------------------------------------------------
 */

static inline double small_random(double low, double high)
{
    static uint64_t state = 1;
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (high - low) * (double)(state >> 11) * 0x1p-53;
}

static inline struct assay_draft *small_make(void)
{
    struct assay_model_error error = {{0}};
    struct assay_draft *draft = assay_draft_make(NULL, SMALL_LIMIT, &error);
    if (!draft)
        small_stop(&error);
    return draft;
}

static inline int32_t small_tensor(struct assay_draft *draft, const char *name, struct assay_shape shape)
{
    return assay_draft_add_tensor(draft,
                                  &(struct assay_tensor){.name = name, .type = ASSAY_TENSOR_F32, .shape = shape});
}

static inline int32_t small_input(struct assay_draft *draft, const char *name, struct assay_shape shape)
{
    const int32_t tensor = small_tensor(draft, name, shape);
    assay_draft_add_input(draft, tensor);
    return tensor;
}

/* A constant of random numbers. */
static inline int32_t small_reals(struct assay_draft *draft, const char *name, struct assay_shape shape, double low,
                                  double high)
{
    size_t count = 0;
    assay_shape_count(&shape, &count);
    float *values = malloc((count + 1) * sizeof(*values));
    for (size_t i = 0; i < count; i++)
        values[i] = (float)small_random(low, high);
    const int32_t tensor = assay_draft_add_constant(draft, name, ASSAY_TENSOR_F32, &shape, values);
    free(values);
    return tensor;
}

static inline int32_t small_integers(struct assay_draft *draft, const char *name, struct assay_shape shape,
                                     const int32_t *values)
{
    return assay_draft_add_constant(draft, name, ASSAY_TENSOR_I32, &shape, values);
}

/* Puts the operator at the end; lists end in -2. */
static inline void small_add(struct assay_draft *draft, struct assay_operator op, const int32_t *inputs,
                             const int32_t *outputs)
{
    op.version = 1;
    op.inputs = inputs;
    op.outputs = outputs;
    while (inputs[op.input_count] != -2)
        op.input_count++;
    while (outputs[op.output_count] != -2)
        op.output_count++;
    if (!assay_draft_insert(draft, draft->operator_count, &op))
        exit(1);
    draft->marks[draft->operator_count - 1] = (int32_t)draft->operator_count - 1;
}
#define LIST(...) ((const int32_t[]){__VA_ARGS__, -2})

static inline struct assay_graph *small_finish(struct assay_draft *draft)
{
    struct assay_model_error error = {{0}};
    struct assay_graph *graph = assay_draft_finish(draft, SMALL_LIMIT, &error);
    if (!graph)
        small_stop(&error);
    return graph;
}

/* --- samples -------------------------------------------------------------------------------------------------------
 */

struct small_samples {
    struct assay_data_array arrays[SMALL_INPUTS];
    size_t batch; /* samples that a run takes */
    struct assay_dataset set;
};

/* Random numbers in [low, high] for each input of the network; all have the first one's batch. */
static inline struct small_samples *small_sample(const struct assay_graph *graph, double low, double high)
{
    const struct assay_subgraph *network = &graph->subgraphs[0];
    struct small_samples *samples = calloc(1, sizeof(*samples));
    samples->batch = (size_t)network->tensors[network->inputs[0]].shape.dims[0];
    samples->set =
        (struct assay_dataset){.name = "", .samples = SMALL_SAMPLES * samples->batch, .inputs = samples->arrays};
    samples->set.input_count = network->input_count;
    for (size_t i = 0; i < network->input_count; i++) {
        struct assay_data_array *array = &samples->arrays[i];
        *array = (struct assay_data_array){.name = "", .type = ASSAY_TENSOR_F32};
        array->shape = network->tensors[network->inputs[i]].shape;
        array->shape.dims[0] *= SMALL_SAMPLES;
        size_t count = 0;
        assay_shape_count(&array->shape, &count);
        float *values = calloc(count, sizeof(*values));
        for (size_t k = 0; k < count; k++)
            values[k] = (float)small_random(low, high);
        array->data = values;
        array->bytes = count * sizeof(*values);
    }
    return samples;
}

static inline void small_samples_free(struct small_samples *samples)
{
    for (size_t i = 0; i < samples->set.input_count; i++)
        free((void *)samples->arrays[i].data);
    free(samples);
}

/* --- converting ----------------------------------------------------------------------------------------------------
 */

struct small_said {
    int lines;
    char text[8][ASSAY_MODEL_MESSAGE];
};

static inline void small_listen(void *context, const char *line)
{
    struct small_said *said = context;
    if (said->lines < 8)
        snprintf(said->text[said->lines], sizeof(said->text[0]), "%s", line);
    said->lines++;
}

static inline struct assay_ranges small_ranges(const struct assay_graph *graph, const struct small_samples *samples)
{
    struct assay_model_error error = {{0}};
    struct assay_ranges ranges;
    const struct assay_calibration_options options = {.method = ASSAY_CALIBRATE_MINMAX,
                                                      .features = assay_cpu_features()};
    if (!assay_calibrate(graph, &samples->set, &options, &ranges, &error))
        small_stop(&error);
    return ranges;
}

/* `modes`: of each operator. */
static inline struct assay_graph *small_convert(const struct assay_graph *graph, const struct small_samples *samples,
                                                const enum assay_mode *modes, bool integer_io, struct small_said *said)
{
    struct assay_model_error error = {{0}};
    struct assay_layer_choice choices[SMALL_OPERATORS] = {0};
    for (size_t i = 0; i < graph->subgraphs[0].operator_count; i++)
        choices[i].mode = modes[i];
    struct assay_ranges ranges = small_ranges(graph, samples);
    struct assay_draft *draft = assay_draft_make(graph, SMALL_LIMIT, &error);
    const struct assay_notes notes = {said ? small_listen : NULL, said};
    if (!draft || !assay_convert_integer(draft, choices, &ranges, integer_io, &notes, &error))
        small_stop(&error);
    struct assay_graph *converted = small_finish(draft);
    assay_draft_free(draft);
    assay_ranges_free(&ranges);
    return converted;
}

static inline const struct assay_tensor *small_find(const struct assay_graph *graph, const char *name)
{
    const struct assay_tensor *found = NULL;
    for (size_t t = 0; t < graph->subgraphs[0].tensor_count; t++)
        if (strcmp(graph->subgraphs[0].tensors[t].name, name) == 0) {
            EXPECT(!found); /* names are told apart */
            found = &graph->subgraphs[0].tensors[t];
        }
    return found;
}

static inline size_t small_count(const struct assay_graph *graph, enum assay_operator_code code)
{
    size_t count = 0;
    for (size_t i = 0; i < graph->subgraphs[0].operator_count; i++)
        count += graph->subgraphs[0].operators[i].code == code;
    return count;
}

/* --- running -------------------------------------------------------------------------------------------------------
 */

static inline struct assay_executor *small_ready(const struct assay_graph *graph)
{
    struct assay_model_error error = {{0}};
    const struct assay_executor_options options = {.features = assay_cpu_features(), .memory_limit = SMALL_LIMIT};
    struct assay_executor *executor = assay_executor_make(graph, options, &error);
    if (!executor)
        small_stop(&error);
    return executor;
}

static inline double small_real(const struct assay_value *value, size_t i)
{
    const struct assay_tensor_quantization *q = &value->tensor->quantization;
    switch (value->tensor->type) {
    case ASSAY_TENSOR_I8:
        return (double)q->scale[0] * (double)(((const int8_t *)value->data)[i] - q->zero[0]);
    case ASSAY_TENSOR_I16:
        return (double)q->scale[0] * (double)(((const int16_t *)value->data)[i] - q->zero[0]);
    default:
        return (double)((const float *)value->data)[i];
    }
}

/* The worst difference of any output on any sample; *magnitude: the largest output of the first network. */
static inline double small_difference(const struct assay_graph *a, const struct assay_graph *b,
                                      const struct small_samples *samples, double *magnitude)
{
    struct assay_executor *one = small_ready(a), *other = small_ready(b);
    double worst = 0;
    *magnitude = 0;
    for (size_t s = 0; s < SMALL_SAMPLES; s++) {
        for (size_t i = 0; i < samples->set.input_count; i++) {
            struct assay_value *to = assay_executor_input(one, i), *too = assay_executor_input(other, i);
            assay_dataset_load(&samples->set, i, s * samples->batch, samples->batch, to->tensor, to->data);
            assay_dataset_load(&samples->set, i, s * samples->batch, samples->batch, too->tensor, too->data);
        }
        assay_executor_run(one);
        assay_executor_run(other);
        for (size_t o = 0; o < a->subgraphs[0].output_count; o++) {
            const struct assay_value *x = assay_executor_output(one, o), *y = assay_executor_output(other, o);
            size_t count = 0;
            assay_shape_count(&x->shape, &count);
            EXPECT(count > 0 && assay_shape_equal(&x->shape, &y->shape));
            for (size_t i = 0; i < count; i++) {
                worst = fmax(worst, fabs(small_real(x, i) - small_real(y, i)));
                *magnitude = fmax(*magnitude, fabs(small_real(x, i)));
            }
        }
    }
    assay_executor_free(one);
    assay_executor_free(other);
    return worst;
}

#endif
