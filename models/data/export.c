#include "models/data/exchange.h"
#include "models/data/npz.h"
#include "models/data/parts.h"
#include "models/data/whole_file.h"

#include <string.h>

static bool export_npy(const struct assay_dataset *dataset, const char *path, struct assay_model_error *error)
{
    const struct assay_data_array *array = &dataset->inputs[0];
    struct assay_whole_file whole;
    char header[ASSAY_NPY_HEADER];
    if (dataset->input_count > 1)
        return assay_model_fail(error, "%s: a .npy file holds one array, and there are %zu inputs: use .npz", path,
                                dataset->input_count);
    if (!assay_whole_file_begin(&whole, path, error))
        return false;
    const size_t front = assay_npy_header(array, header);
    const bool good = fwrite(header, 1, front, whole.file) == front &&
                      fwrite(array->data, 1, array->bytes, whole.file) == array->bytes;
    return assay_whole_file_end(&whole, good, error);
}

static bool export_npz(const struct assay_dataset *dataset, const char *path, struct assay_model_error *error)
{
    const struct assay_data_array *arrays[ASSAY_DATASET_MOST_INPUTS + 1];
    const char *names[ASSAY_DATASET_MOST_INPUTS + 1];
    char numbered[ASSAY_DATASET_MOST_INPUTS][16];
    size_t count = 0;
    for (; count < dataset->input_count; count++) {
        snprintf(numbered[count], sizeof(numbered[count]), dataset->input_count > 1 ? "x%zu" : "x", count);
        names[count] = numbered[count];
        arrays[count] = &dataset->inputs[count];
    }
    if (dataset->labels) {
        names[count] = "y";
        arrays[count++] = dataset->labels;
    }
    return assay_npz_write(path, names, arrays, count, error);
}

bool assay_dataset_export(const struct assay_dataset *dataset, const char *path, struct assay_model_error *error)
{
    const size_t length = strlen(path);
    const char *end = length > 4 ? path + length - 4 : "";
    if (strcmp(end, ".npz") == 0)
        return export_npz(dataset, path, error);
    if (strcmp(end, ".npy") == 0)
        return export_npy(dataset, path, error);
    return assay_model_fail(error, "%s: ends in neither .npy nor .npz", path);
}
