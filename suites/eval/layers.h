/* The error of each of a network's operators against the tensor of that name in a reference, which runs first on the
 * same samples: what the network has gathered up to there, in the manner of TFLite's quantization debugger. */
#ifndef ASSAY_SUITES_EVAL_LAYERS_H
#define ASSAY_SUITES_EVAL_LAYERS_H

#include "models/run/executor.h"
#include "suites/eval/metrics.h"

#include <jansson.h>

/* For each operator of the network, how its first output is compared. */
struct layers_layer {
    int32_t tensor; /* of the reference; -1: none is like it */
    const char *kernel;
    struct metrics_error error;
};

struct layers {
    const struct assay_subgraph *network, *reference;
    struct layers_layer *layers;
    /* Of each tensor of the reference: whether a layer is compared with it, and what it was in the last run. */
    struct layers_copy {
        bool wanted;
        void *data;
        size_t room, bytes;
    } *copies;
    bool failed; /* no memory for a copy */
};

/* Pairs of tensors: the first output of an operator that takes more than constants, and what an operator of the
 * reference computes, by the same name and with as many elements. False: no memory. */
bool layers_make(struct layers *layers, const struct assay_subgraph *network, const struct assay_subgraph *reference);
void layers_free(struct layers *layers);

/* For assay_executor_watch(): of the reference, then of the network; the context is the struct layers. */
void layers_keep(void *context, const struct assay_node *node, size_t index);
void layers_compare(void *context, const struct assay_node *node, size_t index);

/* The members of an entry that tell of an error; `tensor`: the network's, whose scale it is a share of. */
json_t *layers_error(const struct metrics_error *error, const struct assay_tensor *tensor);

/* A list of the operators that were compared. */
json_t *layers_list(const struct layers *layers);

#endif
