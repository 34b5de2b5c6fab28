/* The error that a layer makes itself: what it computes, against what the reference makes of the very inputs that it
 * saw, as reals. For layers with weights (convolutions, fully connected), where the reference has both their tensors,
 * and needs nothing but the one and constants for the other: by one operator, or by several that conversion has merged.
 */
#ifndef ASSAY_SUITES_EVAL_ISOLATE_H
#define ASSAY_SUITES_EVAL_ISOLATE_H

#include "suites/eval/layers.h"

/* A part of the reference as a network of its own, upon the reference's tensors. */
struct isolate_layer {
    int32_t from, to; /* tensors of the reference */
    struct assay_operator *operators;
    struct assay_subgraph subgraph;
    struct assay_graph graph;
    struct assay_executor *executor; /* NULL: this layer is not looked at */
    struct metrics_error error;
};

struct isolate {
    const struct layers *layers;
    struct isolate_layer *items; /* one for each operator of the network */
};

/* layers_make() has found the pairs. False: no memory. */
bool isolate_make(struct isolate *isolate, const struct layers *layers);
void isolate_free(struct isolate *isolate);

/* Executors for as many samples at once as the options' batch says. */
bool isolate_prepare(struct isolate *isolate, struct assay_executor_options options, struct assay_model_error *error);

/* After an operator of the network has run. */
void isolate_compare(struct isolate *isolate, const struct assay_node *node, size_t index);

/* Adds "own" to the entries of layers_list(). */
void isolate_describe(const struct isolate *isolate, json_t *list);

#endif
