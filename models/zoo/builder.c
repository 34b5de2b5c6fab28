#include "models/zoo/builder.h"

#include "models/graph/draft.h"
#include "models/zoo/random.h"

#include <math.h>
#include <stdlib.h>

static const size_t memory_limit = (size_t)1 << 30;

/* So that no stream of the trained networks is met. */
enum { STREAM = 0x756e7472 };

struct zoo_builder {
    struct assay_draft *draft;
    uint64_t seed;
    bool failed;
};

struct zoo_builder *zoo_builder_make(const char *description, uint64_t seed)
{
    struct assay_model_error error;
    struct zoo_builder *builder = calloc(1, sizeof(*builder));
    if (!builder)
        return NULL;
    builder->seed = seed;
    builder->draft = assay_draft_make(NULL, memory_limit, &error);
    if (!builder->draft) {
        free(builder);
        return NULL;
    }
    builder->draft->description = description;
    return builder;
}

void zoo_builder_free(struct zoo_builder *builder)
{
    if (!builder)
        return;
    assay_draft_free(builder->draft);
    free(builder);
}

static int32_t fail(struct zoo_builder *builder)
{
    builder->failed = true;
    return -1;
}

static const struct assay_shape *shape_of(const struct zoo_builder *builder, int32_t tensor)
{
    return &builder->draft->tensors[tensor].shape;
}

size_t zoo_channels(const struct zoo_builder *builder, int32_t tensor)
{
    if (builder->failed)
        return 0;
    const struct assay_shape *shape = shape_of(builder, tensor);
    return (size_t)shape->dims[shape->rank - 1];
}

static int32_t add_value(struct zoo_builder *builder, const char *what, struct assay_shape shape)
{
    struct assay_draft *draft = builder->draft;
    const char *name = builder->failed ? NULL : assay_draft_text(draft, "%s_%zu", what, draft->operator_count);
    const struct assay_tensor tensor = {.name = name, .type = ASSAY_TENSOR_F32, .shape = shape};
    const int32_t index = name ? assay_draft_add_tensor(draft, &tensor) : -1;
    return index < 0 ? fail(builder) : index;
}

int32_t zoo_input(struct zoo_builder *builder, size_t h, size_t w, size_t c)
{
    const struct assay_shape image = {4, {1, (int32_t)h, (int32_t)w, (int32_t)c}}, row = {2, {1, (int32_t)c}};
    const int32_t input = add_value(builder, "input", h > 0 ? image : row);
    return input >= 0 && assay_draft_add_input(builder->draft, input) ? input : fail(builder);
}

/* `count` numbers: normal of this deviation, or uniform within it. */
static int32_t add_drawn(struct zoo_builder *builder, const char *what, struct assay_shape shape, float deviation,
                         bool normal)
{
    struct assay_draft *draft = builder->draft;
    const char *name = assay_draft_text(draft, "%s_%zu", what, draft->operator_count);
    size_t count = 0;
    float *values = assay_shape_count(&shape, &count) ? malloc((count + 1) * sizeof(*values)) : NULL;
    struct assay_zoo_random random = assay_zoo_random(builder->seed, STREAM, draft->tensor_count);
    for (size_t i = 0; values && i < count; i++)
        values[i] = normal ? deviation * assay_zoo_normal(&random) : assay_zoo_uniform(&random, -deviation, deviation);
    const int32_t index = name && values ? assay_draft_add_constant(draft, name, ASSAY_TENSOR_F32, &shape, values) : -1;
    free(values);
    return index < 0 ? fail(builder) : index;
}

static int32_t add_operator(struct zoo_builder *builder, struct assay_operator op, const int32_t *inputs, size_t count,
                            int32_t output)
{
    op.version = 1;
    op.inputs = inputs;
    op.input_count = count;
    op.outputs = &output;
    op.output_count = 1;
    return !builder->failed && assay_draft_insert(builder->draft, builder->draft->operator_count, &op) ? output
                                                                                                       : fail(builder);
}

/* A layer with weights of this shape, each output being a sum of `inputs` numbers. */
static int32_t add_layer(struct zoo_builder *builder, const struct assay_operator *op, int32_t in,
                         struct assay_shape weights, size_t inputs, struct assay_shape out)
{
    const char *name = op->code == ASSAY_OPERATOR_CONV_2D             ? "conv"
                       : op->code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ? "depthwise"
                                                                      : "dense";
    const float gain = op->fused == ASSAY_FUSED_NONE ? 1.0f : 2.0f;
    const struct assay_shape channels = {1, {out.dims[out.rank - 1]}};
    const int32_t output = add_value(builder, name, out);
    const int32_t w = output < 0 ? -1 : add_drawn(builder, "weights", weights, sqrtf(gain / (float)inputs), true);
    const int32_t bias = w < 0 ? -1 : add_drawn(builder, "bias", channels, 0.1f, false);
    return add_operator(builder, *op, (int32_t[]){in, w, bias}, 3, output);
}

static struct assay_operator window_of(enum assay_operator_code code, struct zoo_filter filter, int32_t multiplier)
{
    const int32_t stride = (int32_t)filter.stride;
    return (struct assay_operator){
        .code = code,
        .fused = filter.fused,
        .conv = {.padding = ASSAY_PAD_SAME,
                 .stride_h = stride,
                 .stride_w = stride,
                 .dilation_h = 1,
                 .dilation_w = 1,
                 .multiplier = multiplier},
    };
}

/* Of an image after a filter, with this many channels. */
static struct assay_shape filtered(const struct assay_shape *in, struct zoo_filter filter, size_t channels)
{
    const int32_t stride = (int32_t)filter.stride;
    return (struct assay_shape){
        4, {1, (in->dims[1] + stride - 1) / stride, (in->dims[2] + stride - 1) / stride, (int32_t)channels}};
}

int32_t zoo_conv(struct zoo_builder *builder, int32_t in, struct zoo_filter filter, size_t channels)
{
    if (builder->failed)
        return -1;
    const size_t depth = zoo_channels(builder, in);
    const struct assay_operator op = window_of(ASSAY_OPERATOR_CONV_2D, filter, 0);
    return add_layer(builder, &op, in,
                     (struct assay_shape){4, {(int32_t)channels, (int32_t)filter.h, (int32_t)filter.w, (int32_t)depth}},
                     filter.h * filter.w * depth, filtered(shape_of(builder, in), filter, channels));
}

int32_t zoo_depthwise(struct zoo_builder *builder, int32_t in, struct zoo_filter filter)
{
    if (builder->failed)
        return -1;
    const size_t depth = zoo_channels(builder, in);
    const struct assay_operator op = window_of(ASSAY_OPERATOR_DEPTHWISE_CONV_2D, filter, 1);
    return add_layer(builder, &op, in,
                     (struct assay_shape){4, {1, (int32_t)filter.h, (int32_t)filter.w, (int32_t)depth}},
                     filter.h * filter.w, filtered(shape_of(builder, in), filter, depth));
}

int32_t zoo_dense(struct zoo_builder *builder, int32_t in, size_t channels, enum assay_fused fused)
{
    if (builder->failed)
        return -1;
    const size_t depth = zoo_channels(builder, in);
    const struct assay_operator op = {.code = ASSAY_OPERATOR_FULLY_CONNECTED, .fused = fused};
    return add_layer(builder, &op, in, (struct assay_shape){2, {(int32_t)channels, (int32_t)depth}}, depth,
                     (struct assay_shape){2, {1, (int32_t)channels}});
}

int32_t zoo_add(struct zoo_builder *builder, int32_t a, int32_t b, enum assay_fused fused)
{
    if (builder->failed)
        return -1;
    const int32_t output = add_value(builder, "add", *shape_of(builder, a));
    return add_operator(builder, (struct assay_operator){.code = ASSAY_OPERATOR_ADD, .fused = fused}, (int32_t[]){a, b},
                        2, output);
}

int32_t zoo_average(struct zoo_builder *builder, int32_t in)
{
    if (builder->failed)
        return -1;
    const struct assay_shape shape = *shape_of(builder, in);
    const struct assay_operator op = {.code = ASSAY_OPERATOR_AVERAGE_POOL_2D,
                                      .pool = {.padding = ASSAY_PAD_VALID,
                                               .stride_h = shape.dims[1],
                                               .stride_w = shape.dims[2],
                                               .filter_h = shape.dims[1],
                                               .filter_w = shape.dims[2]}};
    const int32_t output = add_value(builder, "average", (struct assay_shape){4, {1, 1, 1, shape.dims[3]}});
    return add_operator(builder, op, &in, 1, output);
}

int32_t zoo_flatten(struct zoo_builder *builder, int32_t in)
{
    const struct assay_shape shape = {2, {1, (int32_t)zoo_channels(builder, in)}};
    const struct assay_operator op = {.code = ASSAY_OPERATOR_RESHAPE, .reshape = {.shape = shape, .given = true}};
    return add_operator(builder, op, &in, 1, add_value(builder, "flat", shape));
}

int32_t zoo_softmax(struct zoo_builder *builder, int32_t in)
{
    const struct assay_shape shape = {2, {1, (int32_t)zoo_channels(builder, in)}};
    const struct assay_operator op = {.code = ASSAY_OPERATOR_SOFTMAX, .softmax.beta = 1};
    return add_operator(builder, op, &in, 1, add_value(builder, "probabilities", shape));
}

struct assay_graph *zoo_builder_finish(struct zoo_builder *builder, int32_t output, struct assay_model_error *error)
{
    if (!builder->failed && assay_draft_add_output(builder->draft, output))
        return assay_draft_finish(builder->draft, memory_limit, error);
    assay_model_fail(error, "no memory for the network's graph");
    return NULL;
}
