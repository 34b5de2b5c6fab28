#include "models/data/parts.h"
#include "models/data/whole_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A sample that is no number would silently become some number in a quantized network. */
static bool check_finite(const struct assay_dataset *dataset, struct assay_model_error *error)
{
    for (size_t i = 0; i < dataset->input_count; i++) {
        const struct assay_data_array *array = &dataset->inputs[i];
        const float *values = array->data;
        const size_t count = array->type == ASSAY_TENSOR_F32 ? array->bytes / sizeof(float) : 0;
        for (size_t k = 0; k < count; k++)
            if (!isfinite(values[k]))
                return assay_model_fail(error, "input %zu: value %zu of sample %zu is not finite", i,
                                        k % (count / dataset->samples), k / (count / dataset->samples));
    }
    return true;
}

static json_t *array_json(const struct assay_data_array *array, const char *role, size_t offset)
{
    json_t *dims = json_array();
    for (size_t i = 0; i < array->shape.rank; i++)
        json_array_append_new(dims, json_integer(array->shape.dims[i]));
    return json_pack("{ss ss ss so sI sI}", "role", role, "name", array->name ? array->name : "", "type",
                     assay_tensor_type_name(array->type), "shape", dims, "offset", (json_int_t)offset, "bytes",
                     (json_int_t)array->bytes);
}

/* NULL: no memory, or a name that is not UTF-8. */
static char *header_text(const struct assay_dataset *dataset)
{
    json_t *arrays = json_array();
    size_t offset = 0;
    bool good = true;
    for (size_t i = 0; i < dataset->input_count + (dataset->labels != NULL); i++) {
        const bool is_label = i == dataset->input_count;
        const struct assay_data_array *array = is_label ? dataset->labels : &dataset->inputs[i];
        good = json_array_append_new(arrays, array_json(array, is_label ? "label" : "input", offset)) == 0 && good;
        offset += array->bytes + assay_dataset_padding(array->bytes);
    }
    json_t *header = good ? json_pack("{ss ss sI sI sO}", "name", dataset->name ? dataset->name : "", "task",
                                      assay_task_name(dataset->task), "samples", (json_int_t)dataset->samples,
                                      "classes", (json_int_t)dataset->classes, "arrays", arrays)
                          : NULL;
    char *text = header ? json_dumps(header, JSON_COMPACT) : NULL;
    json_decref(header);
    json_decref(arrays);
    return text;
}

static bool write_padding(FILE *file, char with, size_t bytes)
{
    char padding[ASSAY_DATASET_ALIGN];
    memset(padding, with, sizeof(padding));
    return fwrite(padding, 1, bytes, file) == bytes;
}

/* `before`: the bytes of the array before this one, which end anywhere. */
static bool write_array(FILE *file, const struct assay_data_array *array, size_t before)
{
    return write_padding(file, '\0', assay_dataset_padding(before)) &&
           fwrite(array->data, 1, array->bytes, file) == array->bytes;
}

static bool write_all(FILE *file, const struct assay_dataset *dataset, const char *header)
{
    const size_t text = strlen(header), padding = assay_dataset_padding(ASSAY_DATASET_FRONT + text);
    const uint64_t length = text + padding;
    bool good =
        fwrite(ASSAY_DATASET_MAGIC, 1, sizeof(ASSAY_DATASET_MAGIC) - 1, file) == sizeof(ASSAY_DATASET_MAGIC) - 1 &&
        fwrite(&length, sizeof(length), 1, file) == 1 && fwrite(header, 1, text, file) == text &&
        write_padding(file, ' ', padding);
    size_t before = 0;
    for (size_t i = 0; good && i < dataset->input_count; before = dataset->inputs[i++].bytes)
        good = write_array(file, &dataset->inputs[i], before);
    return good && (!dataset->labels || write_array(file, dataset->labels, before));
}

static bool refuse(const char *path, const struct assay_model_error *why, struct assay_model_error *error)
{
    return assay_model_fail(error, "%s: %s", path, why->text);
}

bool assay_dataset_write(const struct assay_dataset *dataset, const char *path, struct assay_model_error *error)
{
    struct assay_model_error why = {{0}};
    if (!assay_dataset_check(dataset, &why) || !check_finite(dataset, &why))
        return refuse(path, &why, error);
    char *header = header_text(dataset);
    if (!header || strlen(header) > ASSAY_DATASET_MOST_HEADER - ASSAY_DATASET_ALIGN) {
        assay_model_fail(&why, header ? "its names are too long" : "a name is not UTF-8, or there is no memory");
        free(header);
        return refuse(path, &why, error);
    }
    struct assay_whole_file whole;
    const bool written = assay_whole_file_begin(&whole, path, error) &&
                         assay_whole_file_end(&whole, write_all(whole.file, dataset, header), error);
    free(header);
    return written;
}
