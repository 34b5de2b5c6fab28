/* A network of the zoo while it is trained: its layers, and what they give for one batch. */
#ifndef ASSAY_MODELS_ZOO_NETWORK_H
#define ASSAY_MODELS_ZOO_NETWORK_H

#include "models/graph/arena.h"
#include "models/zoo/layer.h"

/* A layer as it is written down; it takes what the one before it gives. */
struct zoo_plan_layer {
    const char *name;
    enum zoo_kind kind;
    size_t channels, kernel, stride; /* of what has them; channels of convolutions and DENSE */
    const char *other;               /* ADD: the layer whose output is added */
    bool fused;                      /* RELU, RELU6: in the file, part of the operator before it */
};

struct zoo_plan {
    const char *name;
    struct zoo_size in;
    const struct zoo_plan_layer *layers;
    size_t layer_count; /* the last one gives the logits */
};

struct zoo_network {
    const struct zoo_plan *plan;
    size_t room; /* samples that fit */
    struct zoo_layer *layers;
    zoo_real **values, **gradients; /* layer_count + 1: of the images, then of what each layer gives */
    zoo_real *scratch;
    struct assay_arena arena; /* owns all of the above */
};

/* With random weights (He and others, "Delving deep into rectifiers", 2015). NULL: no memory. */
struct zoo_network *zoo_network_make(const struct zoo_plan *plan, size_t room, uint64_t seed);
void zoo_network_free(struct zoo_network *network);

/* From values[0], which the caller writes, to the logits, which are returned; samples <= room. */
zoo_real *zoo_network_forward(struct zoo_network *network, size_t samples, bool training);
/* From the last of `gradients`, which the caller writes after a forward pass with `training`, to each layer's. */
void zoo_network_backward(struct zoo_network *network, size_t samples);

/* Logits of a sample. */
size_t zoo_network_classes(const struct zoo_network *network);

#endif
