/* Labelled samples: what a network is calibrated on and judged by. A file of them (docs/datasets.md) is mapped, not
 * read, so that a board needs no more memory than the samples it looks at. Files may be hostile: whatever the bytes
 * are, the answer is a dataset whose arrays lie within the file, or one line that says what is wrong. */
#ifndef ASSAY_MODELS_DATA_DATASET_H
#define ASSAY_MODELS_DATA_DATASET_H

#include "models/graph/graph.h"

/* What is asked of a network, and so what its answers are judged by:
 *   NONE            no labels: only agreement and error against a reference can be told
 *   CLASSIFICATION  label i32, the class; the answer is the largest output. Top-1.
 *   BINARY          label i32, 0 or 1; the first (only) output, or the second of two, is the score. Area under the ROC
 * curve. REGRESSION      label f32, of the output's shape. Mean squared error. RECONSTRUCTION  label i32, 1 for an
 * anomaly; the score is the mean squared error of output against input. Area under the ROC curve. */
enum assay_task {
    ASSAY_TASK_NONE,
    ASSAY_TASK_CLASSIFICATION,
    ASSAY_TASK_BINARY,
    ASSAY_TASK_REGRESSION,
    ASSAY_TASK_RECONSTRUCTION,
    ASSAY_TASK_COUNT,
};
const char *assay_task_name(enum assay_task task); /* "classification" …; NULL out of range */

/* The first dimension is that of samples. Dense, little-endian, aligned to 64. */
struct assay_data_array {
    const char *name;
    enum assay_tensor_type type; /* f32, i8, u8, i16, i32 */
    struct assay_shape shape;
    const void *data;
    size_t bytes;
};

struct assay_dataset {
    const char *name;
    enum assay_task task;
    size_t samples, classes;               /* classes: 0 where the task has none */
    size_t input_count;                    /* >= 1 */
    const struct assay_data_array *inputs; /* one for each input of the network, in its order */
    const struct assay_data_array *labels; /* NULL: none */
    void *own;                             /* the mapping; dataset.c's */
};

/* Shapes, types and labels of what is opened are right; an input's f32 may be anything, since looking at all of them
 * would be reading the file. NULL: the error, which begins with the path, says why. */
struct assay_dataset *assay_dataset_open(const char *path, struct assay_model_error *error);
void assay_dataset_close(struct assay_dataset *dataset);

/* Writes a dataset (of the caller's arrays; `own` is not looked at), whole or not at all. What opening would refuse is
 * not written, nor an f32 that is not finite. */
bool assay_dataset_write(const struct assay_dataset *dataset, const char *path, struct assay_model_error *error);

/* Whether the samples fit the inputs of a network: as many arrays as inputs, each with the input's elements but for the
 * batch dimension, and of its type, or f32 where the input is quantized. */
bool assay_dataset_fits(const struct assay_dataset *dataset, const struct assay_subgraph *network,
                        struct assay_model_error *error);

/* Copies `count` samples from `first` on into an input of a network, that has room for them. f32 samples of a quantized
 * input (scale and zero point of `tensor`) are quantized as QUANTIZE does: round half away from zero, saturate; NaN is
 * real zero. The dataset fits. */
void assay_dataset_load(const struct assay_dataset *dataset, size_t input, size_t first, size_t count,
                        const struct assay_tensor *tensor, void *to);

#endif
