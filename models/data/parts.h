/* What the sources of datasets share. For models/data alone. */
#ifndef ASSAY_MODELS_DATA_PARTS_H
#define ASSAY_MODELS_DATA_PARTS_H

#include "models/data/dataset.h"

#include <jansson.h>

/* The container: magic, the header's length as u64, the header, the arrays (docs/datasets.md). */
#define ASSAY_DATASET_MAGIC "ASSAYDS1"
enum {
    ASSAY_DATASET_FRONT = 16, /* magic and length */
    ASSAY_DATASET_ALIGN = 64,
    ASSAY_DATASET_MOST_HEADER = 1 << 20,
    ASSAY_DATASET_MOST_INPUTS = 64,
};
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "arrays are used as they lie in the file");

/* Bytes up to the next multiple of ASSAY_DATASET_ALIGN. */
static inline size_t assay_dataset_padding(size_t bytes)
{
    return -bytes % ASSAY_DATASET_ALIGN;
}

/* Samples, tasks, classes, types, shapes and labels: all but how they lie in a file. `bytes` of each array has been
 * set and its data is there. */
bool assay_dataset_check(const struct assay_dataset *dataset, struct assay_model_error *error);

/* Bytes of an array from its type and shape. False: the type is none of a dataset's, a dimension is below 1, the
 * product overflows. `what` names the array in the error. */
bool assay_dataset_array_bytes(const struct assay_data_array *array, const char *what, size_t *bytes,
                               struct assay_model_error *error);

/* Reads the header's text into a dataset whose arrays get their places in `data`, the bytes after the header. The
 * names are those of *json, which the caller frees, and arrays hold as many as ASSAY_DATASET_MOST_INPUTS + 1. */
bool assay_dataset_read_header(const char *text, size_t length, const char *data, size_t data_bytes,
                               struct assay_dataset *dataset, struct assay_data_array *arrays, json_t **json,
                               struct assay_model_error *error);

#endif
