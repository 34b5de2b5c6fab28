/* Plain training: stochastic gradient descent with momentum, weight decay, and a rate that falls as a cosine does. Each
 * epoch draws images that no epoch had before. */
#ifndef ASSAY_MODELS_ZOO_TRAIN_H
#define ASSAY_MODELS_ZOO_TRAIN_H

#include "models/zoo/network.h"
#include "models/zoo/shapes.h"

struct zoo_epoch {
    size_t done, all;
    double loss, top1; /* means over its images, as they were before the network learned from each */
};

struct zoo_training {
    uint64_t seed;
    size_t epochs, images, batch; /* images of an epoch: a multiple of the batch, which fits the network */
    float rate, momentum, decay;
    bool (*progress)(void *context, const struct zoo_epoch *epoch); /* after each; false: stop */
    void *context;
};

/* Trains on ASSAY_SHAPES_TRAIN. False: no memory, or `progress` stopped it. */
bool zoo_train(struct zoo_network *network, const struct zoo_training *training);

/* How many of a set's first `count` images are classified rightly. */
size_t zoo_count_right(struct zoo_network *network, uint64_t seed, enum assay_shapes_set set, size_t count);

#endif
