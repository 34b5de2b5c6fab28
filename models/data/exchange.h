/* Datasets from NumPy's files and into them. */
#ifndef ASSAY_MODELS_DATA_EXCHANGE_H
#define ASSAY_MODELS_DATA_EXCHANGE_H

#include "models/data/dataset.h"

enum { ASSAY_IMPORT_MOST_INPUTS = 64 };

struct assay_import_options {
    const char *labels;                                /* a .npy file; NULL: in the archive, if anywhere */
    const char *input_names[ASSAY_IMPORT_MOST_INPUTS]; /* of members of an archive, in the network's order */
    size_t input_count;                                /* 0: "x", else "images", else "x0", "x1" …, else the only one */
    const char *label_name;                            /* NULL: "y", else "labels", if there */
    bool has_task;                                     /* false: none without labels, regression for reals, else */
    enum assay_task task;                              /* classification */
    size_t classes;                                    /* 0: as many as labels need, and the task has */
    bool has_type;               /* false: of each input what suits its numbers, see assay_npy_type() */
    enum assay_tensor_type type; /* of the inputs */
    const char *name;
    size_t memory_limit; /* of all that is read, in bytes */
};

/* `path` ends in .npy or .npz. The dataset is whole: assay_dataset_write() checks it. NULL: the error says why. The
 * caller frees it with assay_imported_free(). */
struct assay_dataset *assay_dataset_import(const char *path, const struct assay_import_options *options,
                                           struct assay_model_error *error);
void assay_imported_free(struct assay_dataset *dataset);

/* By the path's end: .npz gets the input as "x" (several as "x0", "x1" …) and the labels as "y"; .npy the only input.
 * Whole or not at all. */
bool assay_dataset_export(const struct assay_dataset *dataset, const char *path, struct assay_model_error *error);

#endif
