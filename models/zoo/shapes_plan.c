#include "models/zoo/shapes_plan.h"
#include "models/zoo/shapes.h"

#define CONV(label, size, step, count) \
    {.name = (label), .kind = ZOO_CONV, .kernel = (size), .stride = (step), .channels = (count)}
#define DEPTHWISE(label, step) {.name = (label), .kind = ZOO_DEPTHWISE, .kernel = 3, .stride = (step)}
#define DENSE(label, count) {.name = (label), .kind = ZOO_DENSE, .channels = (count)}
#define NORM(label) {.name = (label), .kind = ZOO_NORM}
#define RELU(label) {.name = (label), .kind = ZOO_RELU}
#define RELU6(label) {.name = (label), .kind = ZOO_RELU6}
#define FUSED(label, which) {.name = (label), .kind = (which), .fused = true}

static const struct zoo_plan_layer layers[] = {
    CONV("stem/conv", 3, 2, 16), /* 12 x 12 */
    NORM("stem/norm"),
    RELU6("stem/relu6"),

    DEPTHWISE("block1/depthwise", 1),
    NORM("block1/depthwise_norm"),
    RELU6("block1/depthwise_relu6"),
    CONV("block1/pointwise", 1, 1, 32),
    NORM("block1/norm"),
    FUSED("block1/relu", ZOO_RELU),

    DEPTHWISE("block2/depthwise", 2), /* 6 x 6 */
    NORM("block2/depthwise_norm"),
    FUSED("block2/depthwise_relu6", ZOO_RELU6),
    CONV("block2/pointwise", 1, 1, 64),
    NORM("block2/norm"),
    RELU("block2/relu"),

    CONV("block3/expand", 1, 1, 128),
    NORM("block3/expand_norm"),
    RELU6("block3/expand_relu6"),
    DEPTHWISE("block3/depthwise", 1),
    NORM("block3/depthwise_norm"),
    RELU6("block3/depthwise_relu6"),
    CONV("block3/project", 1, 1, 64),
    NORM("block3/norm"),
    {.name = "block3/add", .kind = ZOO_ADD, .other = "block2/relu"},

    CONV("head/conv", 1, 1, 96),
    NORM("head/norm"),
    RELU("head/relu"),
    {.name = "head/mean", .kind = ZOO_MEAN},
    DENSE("head/hidden", 64),
    FUSED("head/hidden_relu", ZOO_RELU),
    DENSE("head/logits", ASSAY_SHAPES_CLASSES),
};

const struct zoo_plan zoo_shapes_plan = {.name = "shapes",
                                         .in = {ASSAY_SHAPES_SIZE, ASSAY_SHAPES_SIZE, ASSAY_SHAPES_CHANNELS},
                                         .layers = layers,
                                         .layer_count = sizeof(layers) / sizeof(layers[0])};
