/* The header of a dataset's file: JSON, and not to be trusted. */
#include "models/data/parts.h"

#include <string.h>

static bool read_count(const json_t *object, const char *key, size_t *value, struct assay_model_error *error)
{
    const json_t *member = json_object_get(object, key);
    if (!json_is_integer(member) || json_integer_value(member) < 0)
        return assay_model_fail(error, "header: \"%s\" is missing, or no number from 0 on", key);
    *value = (size_t)json_integer_value(member);
    return true;
}

static const char *read_text(const json_t *object, const char *key, struct assay_model_error *error)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (!text)
        assay_model_fail(error, "header: \"%s\" is missing, or no string", key);
    return text;
}

static bool read_task(const json_t *header, enum assay_task *task, struct assay_model_error *error)
{
    const char *text = read_text(header, "task", error);
    if (!text)
        return false;
    for (int i = 0; i < ASSAY_TASK_COUNT; i++) {
        *task = (enum assay_task)i;
        if (strcmp(text, assay_task_name(*task)) == 0)
            return true;
    }
    return assay_model_fail(error, "header: \"task\" is none of none, classification, binary, regression, "
                                   "reconstruction");
}

static bool read_type(const json_t *entry, enum assay_tensor_type *type, struct assay_model_error *error)
{
    const char *text = read_text(entry, "type", error);
    if (!text)
        return false;
    /* Whether it is one of a dataset's types is seen when its bytes are counted. */
    for (int i = 0; i < ASSAY_TENSOR_TYPE_COUNT; i++) {
        *type = (enum assay_tensor_type)i;
        if (strcmp(text, assay_tensor_type_name(*type)) == 0)
            return true;
    }
    return assay_model_fail(error, "header: an array's \"type\" is none of f32, i8, u8, i16, i32");
}

static bool read_shape(const json_t *entry, struct assay_shape *shape, struct assay_model_error *error)
{
    const json_t *dims = json_object_get(entry, "shape"), *dim;
    size_t i;
    if (!json_is_array(dims) || json_array_size(dims) < 1 || json_array_size(dims) > ASSAY_MAX_RANK)
        return assay_model_fail(error, "header: an array's \"shape\" is no list of 1 to %d numbers", ASSAY_MAX_RANK);
    shape->rank = json_array_size(dims);
    json_array_foreach(dims, i, dim)
    {
        const json_int_t value = json_integer_value(dim);
        if (!json_is_integer(dim) || value < 1 || value > INT32_MAX)
            return assay_model_fail(error, "header: dimension %zu of an array is no number from 1 to %d", i, INT32_MAX);
        shape->dims[i] = (int32_t)value;
    }
    return true;
}

/* Arrays follow one another in the header's order, each at the next multiple of ASSAY_DATASET_ALIGN: so none can
 * overlap another, and *end is where the one before ends. */
static bool place(const json_t *entry, const char *what, const char *data, size_t data_bytes, size_t *end,
                  struct assay_data_array *array, struct assay_model_error *error)
{
    size_t offset, bytes;
    if (!read_count(entry, "offset", &offset, error) || !read_count(entry, "bytes", &array->bytes, error) ||
        !assay_dataset_array_bytes(array, what, &bytes, error))
        return false;
    if (array->bytes != bytes)
        return assay_model_fail(error, "%s: \"bytes\" is %zu, and type and shape make %zu", what, array->bytes, bytes);
    const size_t begin = *end + assay_dataset_padding(*end);
    if (offset != begin)
        return assay_model_fail(error, "%s: \"offset\" is %zu, and the array begins at %zu", what, offset, begin);
    if (begin > data_bytes || bytes > data_bytes - begin)
        return assay_model_fail(error, "%s: the file ends before it does; is it cut short?", what);
    array->data = data + begin;
    *end = begin + bytes;
    return true;
}

static bool read_array(const json_t *entry, const char *what, const char *data, size_t data_bytes, size_t *end,
                       struct assay_data_array *array, struct assay_model_error *error)
{
    array->name = read_text(entry, "name", error);
    return array->name && read_type(entry, &array->type, error) && read_shape(entry, &array->shape, error) &&
           place(entry, what, data, data_bytes, end, array, error);
}

/* Inputs come first, then the labels, if any. */
static bool read_arrays(const json_t *header, const char *data, size_t data_bytes, struct assay_dataset *dataset,
                        struct assay_data_array *arrays, struct assay_model_error *error)
{
    const json_t *list = json_object_get(header, "arrays"), *entry;
    size_t i, end = 0;
    if (!json_is_array(list) || json_array_size(list) < 1 ||
        json_array_size(list) > (size_t)ASSAY_DATASET_MOST_INPUTS + 1)
        return assay_model_fail(error, "header: \"arrays\" is no list of 1 to %d arrays",
                                ASSAY_DATASET_MOST_INPUTS + 1);
    json_array_foreach(list, i, entry)
    {
        char what[32];
        const char *role = read_text(entry, "role", error);
        snprintf(what, sizeof(what), "array %zu", i);
        if (!role || !read_array(entry, what, data, data_bytes, &end, &arrays[i], error))
            return false;
        const bool is_label = strcmp(role, "label") == 0;
        if (!is_label && strcmp(role, "input") != 0)
            return assay_model_fail(error, "%s: its \"role\" is none of input, label", what);
        if (dataset->labels)
            return assay_model_fail(error, "%s: it follows the labels, which come last and once", what);
        if (is_label)
            dataset->labels = &arrays[i];
        else
            dataset->input_count++;
    }
    dataset->inputs = arrays;
    return end == data_bytes || assay_model_fail(error, "%zu bytes follow the last array", data_bytes - end);
}

bool assay_dataset_read_header(const char *text, size_t length, const char *data, size_t data_bytes,
                               struct assay_dataset *dataset, struct assay_data_array *arrays, json_t **json,
                               struct assay_model_error *error)
{
    json_error_t why;
    json_t *header = *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(header))
        return assay_model_fail(error, "header: it is no JSON object");
    dataset->name = read_text(header, "name", error);
    return dataset->name && read_task(header, &dataset->task, error) &&
           read_count(header, "samples", &dataset->samples, error) &&
           read_count(header, "classes", &dataset->classes, error) &&
           read_arrays(header, data, data_bytes, dataset, arrays, error);
}
