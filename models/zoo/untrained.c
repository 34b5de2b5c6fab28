#include "models/zoo/untrained.h"

struct assay_graph *zoo_untrained(const struct zoo_architecture *architecture, struct zoo_scale scale, uint64_t seed,
                                  struct assay_model_error *error)
{
    struct zoo_builder *builder = zoo_builder_make(architecture->name, seed);
    if (!builder) {
        assay_model_fail(error, "no memory for the network's graph");
        return NULL;
    }
    struct assay_graph *graph = zoo_builder_finish(builder, architecture->build(builder, scale), error);
    zoo_builder_free(builder);
    return graph;
}

/* Channels in steps of 8, and never less than nine tenths of what was asked for: the rule that the MobileNets were
 * published with. */
static size_t scaled(double channels, double width)
{
    const size_t asked = (size_t)(channels * width + 4) / 8 * 8, least = asked < 8 ? 8 : asked;
    return (double)least < 0.9 * channels * width ? least + 8 : least;
}

static const struct zoo_filter point = {1, 1, 1, ASSAY_FUSED_NONE}, point_relu = {1, 1, 1, ASSAY_FUSED_RELU},
                               point_relu6 = {1, 1, 1, ASSAY_FUSED_RELU6};

static struct zoo_filter three(size_t stride, enum assay_fused fused)
{
    return (struct zoo_filter){3, 3, stride, fused};
}

/* 1001 classes: the published networks count "nothing of these" as well. */
static int32_t classify(struct zoo_builder *b, int32_t x, size_t classes)
{
    return zoo_softmax(b, zoo_flatten(b, zoo_conv(b, zoo_average(b, x), point, classes)));
}

/* Howard et al., MobileNets, 2017, table 1. */
static int32_t mobilenet_v1(struct zoo_builder *b, struct zoo_scale scale)
{
    static const struct {
        size_t stride;
        double channels;
    } blocks[] = {{1, 64},  {2, 128}, {1, 128}, {2, 256}, {1, 256},  {2, 512}, {1, 512},
                  {1, 512}, {1, 512}, {1, 512}, {1, 512}, {2, 1024}, {1, 1024}};
    int32_t x = zoo_input(b, scale.resolution, scale.resolution, 3);
    x = zoo_conv(b, x, three(2, ASSAY_FUSED_RELU6), scaled(32, scale.width));
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        x = zoo_depthwise(b, x, three(blocks[i].stride, ASSAY_FUSED_RELU6));
        x = zoo_conv(b, x, point_relu6, scaled(blocks[i].channels, scale.width));
    }
    return classify(b, x, 1001);
}

/* Widened, filtered, narrowed; added to its input where shapes allow. */
static int32_t bottleneck(struct zoo_builder *b, int32_t in, size_t widening, size_t stride, size_t channels)
{
    const size_t before = zoo_channels(b, in);
    const int32_t wide = widening > 1 ? zoo_conv(b, in, point_relu6, before * widening) : in;
    const int32_t out = zoo_conv(b, zoo_depthwise(b, wide, three(stride, ASSAY_FUSED_RELU6)), point, channels);
    return stride == 1 && before == channels ? zoo_add(b, in, out, ASSAY_FUSED_NONE) : out;
}

/* Sandler et al., MobileNetV2, 2018, table 2. */
static int32_t mobilenet_v2(struct zoo_builder *b, struct zoo_scale scale)
{
    static const struct {
        size_t widening;
        double channels;
        size_t count, stride;
    } stages[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                  {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
    int32_t x = zoo_input(b, scale.resolution, scale.resolution, 3);
    x = zoo_conv(b, x, three(2, ASSAY_FUSED_RELU6), scaled(32, scale.width));
    for (size_t s = 0; s < sizeof(stages) / sizeof(stages[0]); s++)
        for (size_t i = 0; i < stages[s].count; i++)
            x = bottleneck(b, x, stages[s].widening, i == 0 ? stages[s].stride : 1,
                           scaled(stages[s].channels, scale.width));
    x = zoo_conv(b, x, point_relu6, scaled(1280, scale.width > 1 ? scale.width : 1));
    return classify(b, x, 1001);
}

/* The three networks below: Banbury et al., MLPerf Tiny Benchmark, 2021. */
static int32_t ds_cnn(struct zoo_builder *b, struct zoo_scale scale)
{
    (void)scale;
    int32_t x = zoo_input(b, 49, 10, 1);
    x = zoo_conv(b, x, (struct zoo_filter){10, 4, 2, ASSAY_FUSED_RELU}, 64);
    for (int i = 0; i < 4; i++)
        x = zoo_conv(b, zoo_depthwise(b, x, three(1, ASSAY_FUSED_RELU)), point_relu, 64);
    return zoo_softmax(b, zoo_dense(b, zoo_flatten(b, zoo_average(b, x)), 12, ASSAY_FUSED_NONE));
}

static int32_t resnet8(struct zoo_builder *b, struct zoo_scale scale)
{
    (void)scale;
    int32_t x = zoo_conv(b, zoo_input(b, 32, 32, 3), three(1, ASSAY_FUSED_RELU), 16);
    for (size_t channels = 16; channels <= 64; channels *= 2) {
        const size_t stride = channels == 16 ? 1 : 2;
        const int32_t first = zoo_conv(b, x, three(stride, ASSAY_FUSED_RELU), channels);
        const int32_t second = zoo_conv(b, first, three(1, ASSAY_FUSED_NONE), channels);
        const int32_t shortcut =
            stride == 1 ? x : zoo_conv(b, x, (struct zoo_filter){1, 1, stride, ASSAY_FUSED_NONE}, channels);
        x = zoo_add(b, shortcut, second, ASSAY_FUSED_RELU);
    }
    return zoo_softmax(b, zoo_dense(b, zoo_flatten(b, zoo_average(b, x)), 10, ASSAY_FUSED_NONE));
}

static int32_t autoencoder(struct zoo_builder *b, struct zoo_scale scale)
{
    static const size_t widths[] = {128, 128, 128, 128, 8, 128, 128, 128, 128};
    (void)scale;
    int32_t x = zoo_input(b, 0, 0, 640);
    for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
        x = zoo_dense(b, x, widths[i], ASSAY_FUSED_RELU);
    return zoo_dense(b, x, 640, ASSAY_FUSED_NONE);
}

const struct zoo_architecture zoo_mobilenet_v1 = {"mobilenet_v1", "MobileNet v1, 1001 classes", 224, mobilenet_v1};
const struct zoo_architecture zoo_mobilenet_v2 = {"mobilenet_v2", "MobileNet v2, 1001 classes", 224, mobilenet_v2};
const struct zoo_architecture zoo_ds_cnn = {"ds_cnn", "keywords in 49x10 spectra, 12 classes", 0, ds_cnn};
const struct zoo_architecture zoo_resnet8 = {"resnet8", "32x32x3 images in ten classes", 0, resnet8};
const struct zoo_architecture zoo_autoencoder = {"autoencoder", "640 numbers through eight and back", 0, autoencoder};
