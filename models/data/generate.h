/* Samples made by a formula: to compare networks on more inputs than anybody has labelled. */
#ifndef ASSAY_MODELS_DATA_GENERATE_H
#define ASSAY_MODELS_DATA_GENERATE_H

#include "models/data/dataset.h"

/* NOISE   each element drawn evenly from the range
 * SMOOTH  a few cosines of low frequency across height and width (all dimensions but those of samples and channels),
 *         the phases of each channel its own; stretched to most of the range
 * MIXED   SMOOTH and NOISE in turns */
enum assay_generate_kind { ASSAY_GENERATE_NOISE, ASSAY_GENERATE_SMOOTH, ASSAY_GENERATE_MIXED, ASSAY_GENERATE_KINDS };
extern const char *const assay_generate_kind_names[ASSAY_GENERATE_KINDS];

struct assay_generate_options {
    size_t samples;
    uint64_t seed; /* sample i is decided by seed and i alone, so that a longer set begins like a shorter one */
    enum assay_generate_kind kind;
    bool ranged; /* reals within [low, high], also where the input is quantized: then other networks fit, too */
    float low, high;
};

/* Samples for the network's inputs, without labels. Without a range: reals within [-1, 1]; of a quantized input (i8,
 * u8, i16) its own type, over all its values. i32 is taken with a range alone. NULL: the error says why. The caller
 * frees it with assay_generated_free(). */
struct assay_dataset *assay_dataset_generate(const struct assay_subgraph *network,
                                             struct assay_generate_options options, struct assay_model_error *error);
void assay_generated_free(struct assay_dataset *dataset);

#endif
