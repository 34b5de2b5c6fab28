#include "suites/eval/judge.h"

#include "suites/eval/metrics.h"
#include "suites/probe/output.h"

#include <stdlib.h>

static size_t sample_elements(const struct assay_data_array *array, const struct assay_dataset *dataset)
{
    return array->bytes / assay_tensor_type_size(array->type) / dataset->samples;
}

static bool check(const struct assay_dataset *dataset, size_t elements, const struct assay_tensor *input,
                  struct assay_model_error *error)
{
    switch (dataset->task) {
    case ASSAY_TASK_CLASSIFICATION:
        return elements >= dataset->classes ||
               assay_model_fail(error, "the dataset has %zu classes, and the network's first output %zu elements",
                                dataset->classes, elements);
    case ASSAY_TASK_BINARY:
        return elements == 1 || elements == 2 ||
               assay_model_fail(error, "the first output has %zu elements, and task binary takes a score or two",
                                elements);
    case ASSAY_TASK_REGRESSION:
        return elements == sample_elements(dataset->labels, dataset) ||
               assay_model_fail(error, "a label has %zu elements, and the network's first output %zu",
                                sample_elements(dataset->labels, dataset), elements);
    case ASSAY_TASK_RECONSTRUCTION:
        if (!reals_possible(input))
            return assay_model_fail(error, "the network's first input is no tensor of reals");
        return elements == sample_elements(&dataset->inputs[0], dataset) ||
               assay_model_fail(error, "the network's first output has %zu elements, and its first input %zu", elements,
                                sample_elements(&dataset->inputs[0], dataset));
    default:
        return true;
    }
}

bool judge_make(struct judge *judge, const struct assay_dataset *dataset, size_t first, size_t samples, size_t elements,
                const struct assay_tensor *input, struct assay_model_error *error)
{
    *judge = (struct judge){.dataset = dataset, .first = first, .samples = samples, .elements = elements};
    if (elements == 0)
        return assay_model_fail(error, "the network's first output has no elements");
    if (!check(dataset, elements, input, error))
        return false;
    judge->is_class = dataset->task == ASSAY_TASK_CLASSIFICATION || (dataset->task == ASSAY_TASK_NONE && elements > 1);
    judge->answers = calloc(samples, sizeof(*judge->answers));
    judge->row = calloc(elements, 2 * sizeof(*judge->row));
    if (judge->answers && judge->row)
        return true;
    judge_free(judge);
    return assay_model_fail(error, "no memory for the answers to %zu samples", samples);
}

void judge_free(struct judge *judge)
{
    free(judge->answers);
    free(judge->row);
    judge->answers = judge->row = NULL;
}

static double error_against(const struct judge *judge, const struct reals *wanted)
{
    struct metrics_error error = {0};
    double *beside = judge->row + judge->elements;
    reals_read(wanted, 0, judge->elements, beside);
    metrics_add(&error, judge->row, beside, judge->elements);
    return metrics_mean_squared(&error);
}

void judge_sample(struct judge *judge, const struct reals *output, size_t at, const struct assay_tensor *input)
{
    const struct assay_dataset *dataset = judge->dataset;
    const size_t sample = judge->first + judge->seen;
    double *answer = &judge->answers[judge->seen++];
    reals_read(output, at, judge->elements, judge->row);
    if (dataset->task == ASSAY_TASK_REGRESSION) {
        const float *labels = (const float *)dataset->labels->data + sample * judge->elements;
        *answer = error_against(judge, &(struct reals){ASSAY_TENSOR_F32, 1, 0, labels});
        judge->squared += *answer;
    } else if (dataset->task == ASSAY_TASK_RECONSTRUCTION) {
        const struct reals wanted = reals_of_samples(&dataset->inputs[0], dataset->samples, sample, input);
        *answer = error_against(judge, &wanted);
    } else {
        *answer =
            judge->is_class ? (double)metrics_largest(judge->row, judge->elements) : judge->row[judge->elements - 1];
    }
}

static const int32_t *labels_of(const struct judge *judge)
{
    return (const int32_t *)judge->dataset->labels->data + judge->first;
}

static json_t *top1(const struct judge *judge)
{
    json_int_t right = 0;
    for (size_t i = 0; i < judge->samples; i++)
        right += judge->answers[i] == (double)labels_of(judge)[i];
    return json_pack("{ss sf sI sI}", "metric", "top1", "value", (double)right / (double)judge->samples, "right", right,
                     "of", (json_int_t)judge->samples);
}

static json_t *auc(const struct judge *judge)
{
    size_t *scratch = calloc(judge->samples, sizeof(*scratch));
    json_int_t positives = 0;
    if (!scratch)
        return NULL;
    for (size_t i = 0; i < judge->samples; i++)
        positives += labels_of(judge)[i];
    const double area = metrics_auc(judge->answers, labels_of(judge), judge->samples, scratch);
    free(scratch);
    return json_pack("{ss so sI sI}", "metric", "auc", "value", output_number(area), "positives", positives, "of",
                     (json_int_t)judge->samples);
}

json_t *judge_verdict(const struct judge *judge)
{
    switch (judge->dataset->task) {
    case ASSAY_TASK_CLASSIFICATION:
        return top1(judge);
    case ASSAY_TASK_BINARY:
    case ASSAY_TASK_RECONSTRUCTION:
        return auc(judge);
    case ASSAY_TASK_REGRESSION:
        return json_pack("{ss so sI}", "metric", "mse", "value", output_number(judge->squared / (double)judge->samples),
                         "of", (json_int_t)judge->samples);
    default:
        return json_null();
    }
}

json_t *judge_answers(const struct judge *judge)
{
    json_t *list = json_array();
    for (size_t i = 0; i < judge->samples; i++)
        json_array_append_new(list, judge->is_class ? json_integer((json_int_t)judge->answers[i])
                                                    : output_number(judge->answers[i]));
    return list;
}

size_t judge_agreed(const struct judge *a, const struct judge *b)
{
    size_t agreed = 0;
    for (size_t i = 0; i < a->samples; i++)
        agreed += a->answers[i] == b->answers[i];
    return agreed;
}
