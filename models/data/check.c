#include "models/data/parts.h"

#include <math.h>
#include <string.h>

static const char *const tasks[ASSAY_TASK_COUNT] = {
    [ASSAY_TASK_NONE] = "none",
    [ASSAY_TASK_CLASSIFICATION] = "classification",
    [ASSAY_TASK_BINARY] = "binary",
    [ASSAY_TASK_REGRESSION] = "regression",
    [ASSAY_TASK_RECONSTRUCTION] = "reconstruction",
};

const char *assay_task_name(enum assay_task task)
{
    return (size_t)task < ASSAY_TASK_COUNT ? tasks[task] : NULL;
}

static bool is_data_type(enum assay_tensor_type type)
{
    return type == ASSAY_TENSOR_F32 || type == ASSAY_TENSOR_I8 || type == ASSAY_TENSOR_U8 || type == ASSAY_TENSOR_I16 ||
           type == ASSAY_TENSOR_I32;
}

bool assay_dataset_array_bytes(const struct assay_data_array *array, const char *what, size_t *bytes,
                               struct assay_model_error *error)
{
    size_t count;
    if (!is_data_type(array->type))
        return assay_model_fail(error, "%s: its type is none of f32, i8, u8, i16, i32", what);
    if (array->shape.rank < 1 || array->shape.rank > ASSAY_MAX_RANK)
        return assay_model_fail(error, "%s: it has %zu dimensions, not 1 to %d", what, array->shape.rank,
                                ASSAY_MAX_RANK);
    for (size_t i = 0; i < array->shape.rank; i++)
        if (array->shape.dims[i] < 1)
            return assay_model_fail(error, "%s: dimension %zu is %d, and must be at least 1", what, i,
                                    (int)array->shape.dims[i]);
    if (!assay_shape_count(&array->shape, &count) ||
        __builtin_mul_overflow(count, assay_tensor_type_size(array->type), bytes))
        return assay_model_fail(error, "%s: its shape overflows", what);
    return true;
}

static bool check_array(const struct assay_dataset *dataset, const struct assay_data_array *array, const char *what,
                        struct assay_model_error *error)
{
    size_t bytes;
    if (!assay_dataset_array_bytes(array, what, &bytes, error))
        return false;
    if ((size_t)array->shape.dims[0] != dataset->samples)
        return assay_model_fail(error, "%s: its first dimension is %d, and there are %zu samples", what,
                                (int)array->shape.dims[0], dataset->samples);
    if (array->bytes != bytes)
        return assay_model_fail(error, "%s: it has %zu bytes, and its shape makes %zu", what, array->bytes, bytes);
    return true;
}

/* How many classes a task may have: a range. */
static bool check_classes(const struct assay_dataset *dataset, struct assay_model_error *error)
{
    const size_t n = dataset->classes;
    switch (dataset->task) {
    case ASSAY_TASK_CLASSIFICATION:
        return (n >= 2 && n <= INT32_MAX) ||
               assay_model_fail(error, "a classification has 2 classes or more, and this one %zu", n);
    case ASSAY_TASK_BINARY:
    case ASSAY_TASK_RECONSTRUCTION:
        return n == 0 || n == 2 ||
               assay_model_fail(error, "task %s has 2 classes, and this one %zu", tasks[dataset->task], n);
    default:
        return n == 0 || assay_model_fail(error, "task %s has no classes, and this one %zu", tasks[dataset->task], n);
    }
}

static bool check_real_labels(const struct assay_data_array *labels, struct assay_model_error *error)
{
    const float *values = labels->data;
    for (size_t i = 0; i < labels->bytes / sizeof(float); i++)
        if (!isfinite(values[i]))
            return assay_model_fail(error, "labels: value %zu is not finite", i);
    return true;
}

static bool check_class_labels(const struct assay_dataset *dataset, struct assay_model_error *error)
{
    const struct assay_data_array *labels = dataset->labels;
    const int32_t *values = labels->data;
    const size_t classes = dataset->task == ASSAY_TASK_CLASSIFICATION ? dataset->classes : 2;
    if (labels->bytes != dataset->samples * sizeof(int32_t))
        return assay_model_fail(error, "labels: task %s has one label a sample", tasks[dataset->task]);
    for (size_t i = 0; i < dataset->samples; i++)
        if (values[i] < 0 || (size_t)values[i] >= classes)
            return assay_model_fail(error, "labels: sample %zu is of class %d, and there are classes 0 to %zu", i,
                                    (int)values[i], classes - 1);
    return true;
}

static bool check_labels(const struct assay_dataset *dataset, struct assay_model_error *error)
{
    if (dataset->task == ASSAY_TASK_NONE)
        return !dataset->labels || assay_model_fail(error, "task none has no labels");
    if (!dataset->labels)
        return assay_model_fail(error, "task %s needs labels", tasks[dataset->task]);
    if (!check_array(dataset, dataset->labels, "labels", error))
        return false;
    const enum assay_tensor_type wanted = dataset->task == ASSAY_TASK_REGRESSION ? ASSAY_TENSOR_F32 : ASSAY_TENSOR_I32;
    if (dataset->labels->type != wanted)
        return assay_model_fail(error, "labels: those of task %s are %s", tasks[dataset->task],
                                assay_tensor_type_name(wanted));
    return wanted == ASSAY_TENSOR_F32 ? check_real_labels(dataset->labels, error) : check_class_labels(dataset, error);
}

bool assay_dataset_check(const struct assay_dataset *dataset, struct assay_model_error *error)
{
    if (!assay_task_name(dataset->task))
        return assay_model_fail(error, "there is no such task");
    if (dataset->samples < 1 || dataset->samples > INT32_MAX)
        return assay_model_fail(error, "it has %zu samples, not 1 to %d", dataset->samples, INT32_MAX);
    if (dataset->input_count < 1 || dataset->input_count > ASSAY_DATASET_MOST_INPUTS)
        return assay_model_fail(error, "it has %zu inputs, not 1 to %d", dataset->input_count,
                                ASSAY_DATASET_MOST_INPUTS);
    for (size_t i = 0; i < dataset->input_count; i++) {
        char what[32];
        snprintf(what, sizeof(what), "input %zu", i);
        if (!check_array(dataset, &dataset->inputs[i], what, error))
            return false;
    }
    return check_classes(dataset, error) && check_labels(dataset, error);
}
