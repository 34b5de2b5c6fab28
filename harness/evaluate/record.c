#include "harness/evaluate/record.h"

#include "harness/base/memory.h"

#include <string.h>

/* "1" for each sample that the network classified rightly, "0" for the others; NULL where answers are no classes. */
static const char *right_answers(const json_t *answer, const struct assay_dataset *dataset)
{
    const json_t *answers = json_object_get(answer, "answers");
    const size_t first = (size_t)json_integer_value(json_object_get(answer, "first")), count = json_array_size(answers);
    if (dataset->task != ASSAY_TASK_CLASSIFICATION || count == 0 || first + count > dataset->samples)
        return NULL;
    const int32_t *labels = (const int32_t *)dataset->labels->data + first;
    char *right = assay_keep(count + 1);
    for (size_t i = 0; i < count; i++)
        right[i] = json_integer_value(json_array_get(answers, i)) == labels[i] ? '1' : '0';
    return right;
}

static void copy(json_t *to, const char *key, const json_t *from, const char *name)
{
    json_t *value = json_object_get(from, name);
    json_object_set_new(to, key, value ? json_incref(value) : json_null());
}

void assay_evaluation_record(const struct assay_evaluation *e, const struct assay_dataset *dataset, const char *sum,
                             json_t *record)
{
    json_t *accuracy = json_object_get(record, "accuracy"), *code = json_object_get(record, "code");
    const json_t *verdict = json_object_get(e->answer, "accuracy"),
                 *reference = json_object_get(e->answer, "reference");
    json_object_set_new(code, "model_bytes", json_integer(e->variant->size.bytes));
    json_object_set_new(code, "zipped_bytes", json_integer(e->variant->size.zipped));
    if (!e->answer)
        return;
    copy(accuracy, "task", e->answer, "task");
    copy(accuracy, "task_metric", verdict, "metric");
    copy(accuracy, "task_value", verdict, "value");
    copy(accuracy, "samples", e->answer, "samples");
    copy(accuracy, "agreement", reference, "agreement");
    copy(accuracy, "sqnr_db", reference, "sqnr");
    copy(accuracy, "mean_error", reference, "mean_error");
    copy(accuracy, "worst_error", reference, "worst_error");
    json_object_set_new(accuracy, "dataset_sha256", json_string(sum));
    const char *right = right_answers(e->answer, dataset);
    json_object_set_new(accuracy, "answers", right ? json_string(right) : json_null());
}
