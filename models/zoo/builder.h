/* A float network, layer by layer, with weights drawn so that activations neither die nor grow with depth: normal, of
 * variance 2 / inputs before a ReLU and 1 / inputs elsewhere (He et al., Delving Deep into Rectifiers, 2015), biases
 * within 0.1. A layer that fails makes all later ones fail: zoo_builder_finish() tells. */
#ifndef ASSAY_MODELS_ZOO_BUILDER_H
#define ASSAY_MODELS_ZOO_BUILDER_H

#include "models/graph/graph.h"

struct zoo_builder;

/* NULL without memory. */
struct zoo_builder *zoo_builder_make(const char *description, uint64_t seed);
void zoo_builder_free(struct zoo_builder *builder);

/* The network's input, [1][h][w][c], or [1][c] where h is 0. All of these give the new tensor; -1: it failed. Images
 * are padded as SAME. */
int32_t zoo_input(struct zoo_builder *builder, size_t h, size_t w, size_t c);

struct zoo_filter {
    size_t h, w, stride;
    enum assay_fused fused;
};
int32_t zoo_conv(struct zoo_builder *builder, int32_t in, struct zoo_filter filter, size_t channels);
int32_t zoo_depthwise(struct zoo_builder *builder, int32_t in, struct zoo_filter filter);
int32_t zoo_dense(struct zoo_builder *builder, int32_t in, size_t channels, enum assay_fused fused);
int32_t zoo_add(struct zoo_builder *builder, int32_t a, int32_t b, enum assay_fused fused);
/* The average of the whole image, [1][1][1][c]. */
int32_t zoo_average(struct zoo_builder *builder, int32_t in);
/* [1][c] of [1][1][1][c]. */
int32_t zoo_flatten(struct zoo_builder *builder, int32_t in);
int32_t zoo_softmax(struct zoo_builder *builder, int32_t in);

size_t zoo_channels(const struct zoo_builder *builder, int32_t tensor);

/* The network that gives out `output`. NULL: the error says why. */
struct assay_graph *zoo_builder_finish(struct zoo_builder *builder, int32_t output, struct assay_model_error *error);

#endif
