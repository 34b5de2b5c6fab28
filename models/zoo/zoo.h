/* The built-in networks and their datasets, made on the spot: nothing is downloaded, and what is drawn and trained here
 * is under nobody's licence. The same seed makes the same bytes on every run of one build (docs/zoo.md). */
#ifndef ASSAY_MODELS_ZOO_ZOO_H
#define ASSAY_MODELS_ZOO_ZOO_H

#include "models/graph/graph.h"

struct assay_zoo_entry {
    const char *name, *summary;
    size_t
        epochs; /* that it is trained for, unless the options say otherwise; 0: weights are random, for speed alone */
    size_t resolution; /* untrained: of its square input, unless the options say otherwise; 0: nothing can be scaled */
};

/* NULL past the last. */
const struct assay_zoo_entry *assay_zoo_entry(size_t i);

/* After each epoch; loss and top-1 are means over the epoch's images. */
struct assay_zoo_progress {
    const char *name;
    size_t done, all;
    double loss, top1;
};

struct assay_zoo_options {
    uint64_t seed;
    size_t epochs; /* 0: the entry's */
    /* Of an entry with a resolution: of all channels (0: 1), and of the input (0: the entry's). */
    double width;
    size_t resolution;
    /* False: stop. NULL: nobody is told. */
    bool (*progress)(void *context, const struct assay_zoo_progress *progress);
    void *context;
};

struct assay_zoo_result {
    char model[4096], calibration[4096], test[4096]; /* paths of what was written; test: "" of an untrained network */
    size_t calibration_samples, test_samples;
    size_t right; /* test samples that the trainer's own forward pass classifies rightly */
};

/* Trains an entry, and writes NAME.tflite, NAME.calibration.assay and NAME.test.assay into a folder that is there; of
 * an untrained one there are no test samples, and the others are noise. A scaled one has its width and resolution in
 * NAME.
 * False: stopped, or something could not be written; the error says which. */
bool assay_zoo_make(const struct assay_zoo_entry *entry, const struct assay_zoo_options *options, const char *directory,
                    struct assay_zoo_result *result, struct assay_model_error *error);

#endif
