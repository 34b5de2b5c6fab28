/* Published architectures with random weights, for speed alone: layers, shapes and activations as published, weights
 * that nobody trained. Their answers mean nothing. */
#ifndef ASSAY_MODELS_ZOO_UNTRAINED_H
#define ASSAY_MODELS_ZOO_UNTRAINED_H

#include "models/zoo/builder.h"

/* What an architecture may be scaled by. */
struct zoo_scale {
    double width;      /* of all channels; 1: as published */
    size_t resolution; /* of a square input */
};

struct zoo_architecture {
    const char *name, *summary;
    size_t resolution; /* as published; 0: neither width nor resolution can be chosen */
    /* Adds all of its layers; the output. */
    int32_t (*build)(struct zoo_builder *builder, struct zoo_scale scale);
};

extern const struct zoo_architecture zoo_mobilenet_v1, zoo_mobilenet_v2, zoo_ds_cnn, zoo_resnet8, zoo_autoencoder;

/* Float, batch 1. The same seed makes the same weights. NULL: the error says why. */
struct assay_graph *zoo_untrained(const struct zoo_architecture *architecture, struct zoo_scale scale, uint64_t seed,
                                  struct assay_model_error *error);

#endif
