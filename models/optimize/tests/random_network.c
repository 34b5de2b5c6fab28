#include "models/optimize/tests/random_network.h"

#include "kernels/conv/conv.h"

#include <stdlib.h>

struct maker {
    struct assay_draft *draft;
    struct random random;
    int32_t now; /* the tensor that the next operator takes */
};

uint32_t random_below(struct random *random, uint32_t limit)
{
    random->state = random->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random->state >> 33) % limit;
}

float random_real(struct random *random, float low, float high)
{
    return low + (high - low) * (float)random_below(random, 1u << 24) / (float)(1u << 24);
}

static void require(bool good)
{
    if (good)
        return;
    fprintf(stderr, "no memory for a test's network\n");
    exit(1);
}

struct assay_graph *finish_or_die(const struct assay_draft *draft)
{
    struct assay_model_error error = {{0}};
    struct assay_graph *graph = assay_draft_finish(draft, TEST_MEMORY, &error);
    if (graph)
        return graph;
    fprintf(stderr, "a draft is wrong: %s\n", error.text);
    exit(1);
}

static uint32_t below(struct maker *m, uint32_t limit)
{
    return random_below(&m->random, limit);
}

static const struct assay_shape *shape_of(const struct maker *m, int32_t tensor)
{
    return &m->draft->tensors[tensor].shape;
}

/* A third of the constants have an index of their last or first dimension that is zero all over. */
static int32_t constant(struct maker *m, const char *what, struct assay_shape shape, float low, float high)
{
    size_t count;
    require(assay_shape_count(&shape, &count));
    float *values = calloc(count, sizeof(*values));
    require(values);
    for (size_t i = 0; i < count; i++)
        values[i] = random_real(&m->random, low, high);
    if (below(m, 3) == 0 && shape.rank > 1 && low < 0) {
        const size_t last = (size_t)shape.dims[shape.rank - 1], first = (size_t)shape.dims[0];
        for (size_t i = 0; i < count; i++)
            if (first > 1 ? i < count / first : i % last == 0)
                values[i] = 0;
    }
    const char *name = assay_draft_text(m->draft, "%s%zu", what, m->draft->tensor_count);
    const int32_t added = assay_draft_add_constant(m->draft, name, ASSAY_TENSOR_F32, &shape, values);
    require(name && added >= 0);
    free(values);
    return added;
}

/* Appends the operator, which gives a new tensor of this shape. */
static int32_t append(struct maker *m, struct assay_operator op, const int32_t *inputs, struct assay_shape shape)
{
    const char *name = assay_draft_text(m->draft, "%s/%zu", assay_operator_name(op.code), m->draft->operator_count);
    require(name);
    const int32_t output = assay_draft_add_tensor(
        m->draft, &(struct assay_tensor){.name = name, .type = ASSAY_TENSOR_F32, .shape = shape});
    op.version = 1;
    op.output_count = 1;
    op.inputs = inputs;
    op.outputs = &output;
    require(output >= 0 && assay_draft_insert(m->draft, m->draft->operator_count, &op));
    return output;
}

static size_t window(enum assay_padding padding, int32_t in, int32_t kernel, int32_t stride, int32_t dilation)
{
    size_t out, before;
    if (padding == ASSAY_PAD_VALID)
        return assay_pad_explicit((size_t)in, (size_t)kernel, (size_t)stride, (size_t)dilation, 0, 0);
    assay_pad_same((size_t)in, (size_t)kernel, (size_t)stride, (size_t)dilation, &out, &before);
    return out;
}

static int32_t convolve(struct maker *m, int32_t weights, bool depthwise)
{
    const struct assay_shape in = *shape_of(m, m->now), filter = *shape_of(m, weights);
    struct assay_operator op = {.code = depthwise ? ASSAY_OPERATOR_DEPTHWISE_CONV_2D : ASSAY_OPERATOR_CONV_2D,
                                .input_count = below(m, 4) == 0 ? 2 : 3};
    op.conv.stride_h = 1 + (int32_t)below(m, 2);
    op.conv.stride_w = op.conv.stride_h;
    op.conv.dilation_h = op.conv.dilation_w = op.conv.stride_h == 1 ? 1 + (int32_t)below(m, 2) : 1;
    op.conv.padding = below(m, 2) ? ASSAY_PAD_SAME : ASSAY_PAD_VALID;
    if (window(op.conv.padding, in.dims[1], filter.dims[1], op.conv.stride_h, op.conv.dilation_h) == 0 ||
        window(op.conv.padding, in.dims[2], filter.dims[2], op.conv.stride_w, op.conv.dilation_w) == 0)
        op.conv.padding = ASSAY_PAD_SAME;
    op.conv.multiplier = depthwise ? filter.dims[3] / in.dims[3] : 0;
    const int32_t channels = filter.dims[depthwise ? 3 : 0];
    const int32_t inputs[] = {
        m->now, weights,
        op.input_count == 3 && below(m, 5) > 0 ? constant(m, "bias", (struct assay_shape){1, {channels}}, -1, 1) : -1};
    return append(
        m, op, inputs,
        (struct assay_shape){
            4,
            {in.dims[0],
             (int32_t)window(op.conv.padding, in.dims[1], filter.dims[1], op.conv.stride_h, op.conv.dilation_h),
             (int32_t)window(op.conv.padding, in.dims[2], filter.dims[2], op.conv.stride_w, op.conv.dilation_w),
             channels}});
}

static void add_convolution(struct maker *m)
{
    const int32_t in_c = shape_of(m, m->now)->dims[3], high = 1 + (int32_t)below(m, 3), wide = 1 + (int32_t)below(m, 3);
    const bool depthwise = below(m, 2);
    const struct assay_shape shape = {
        4,
        {depthwise ? 1 : 1 + (int32_t)below(m, 9), high, wide, depthwise ? in_c * (1 + (int32_t)below(m, 2)) : in_c}};
    m->now = convolve(m, constant(m, "weights", shape, -1, 1), depthwise);
}

static void add_fully_connected(struct maker *m)
{
    const struct assay_shape in = *shape_of(m, m->now);
    const int32_t n = 1 + (int32_t)below(m, 9), k = in.dims[in.rank - 1];
    size_t count;
    require(assay_shape_count(&in, &count));
    struct assay_operator op = {.code = ASSAY_OPERATOR_FULLY_CONNECTED, .input_count = 2 + below(m, 2)};
    op.fully_connected.keep_dims = in.rank == 4 && below(m, 2);
    const int32_t weights = constant(m, "weights", (struct assay_shape){2, {n, k}}, -1, 1);
    const int32_t inputs[] = {m->now, weights,
                              op.input_count == 3 ? constant(m, "bias", (struct assay_shape){1, {n}}, -1, 1) : -1};
    struct assay_shape out = {2, {(int32_t)(count / (size_t)k), n}};
    if (op.fully_connected.keep_dims) {
        out = in;
        out.dims[3] = n;
    }
    m->now = append(m, op, inputs, out);
}

static enum assay_fused any_fused(struct maker *m)
{
    static const enum assay_fused all[] = {ASSAY_FUSED_NONE, ASSAY_FUSED_NONE, ASSAY_FUSED_RELU, ASSAY_FUSED_RELU6,
                                           ASSAY_FUSED_RELU_N1_TO_1};
    return all[below(m, 5)];
}

/* [], [1], [C], [1, C], [1, 1, 1, C], or (which no layer can take) [1, 1, W, C]. */
static struct assay_shape affine_shape(struct maker *m)
{
    const struct assay_shape *out = shape_of(m, m->now);
    const int32_t channels = out->dims[out->rank - 1];
    switch (below(m, 6)) {
    case 0:
        return (struct assay_shape){0};
    case 1:
        return (struct assay_shape){1, {1}};
    case 2:
        return (struct assay_shape){2, {1, channels}};
    case 3:
        return out->rank == 4 ? (struct assay_shape){4, {1, 1, 1, channels}} : (struct assay_shape){1, {channels}};
    case 4:
        return out->rank == 4 ? (struct assay_shape){4, {1, 1, out->dims[2], channels}}
                              : (struct assay_shape){1, {channels}};
    default:
        return (struct assay_shape){1, {channels}};
    }
}

static void add_affine(struct maker *m, enum assay_operator_code code)
{
    const struct assay_operator op = {.code = code, .input_count = 2, .fused = any_fused(m)};
    const int32_t values = constant(m, "affine", affine_shape(m), -2, 2);
    const bool first = below(m, 2);
    const int32_t inputs[] = {first ? values : m->now, first ? m->now : values};
    m->now = append(m, op, inputs, *shape_of(m, m->now));
}

static void add_unary(struct maker *m, enum assay_operator_code code)
{
    const int32_t inputs[] = {m->now};
    m->now = append(m, (struct assay_operator){.code = code, .input_count = 1}, inputs, *shape_of(m, m->now));
}

static void add_batch_norm(struct maker *m)
{
    static const enum assay_operator_code codes[] = {ASSAY_OPERATOR_MUL, ASSAY_OPERATOR_ADD, ASSAY_OPERATOR_SUB};
    static const enum assay_operator_code activations[] = {ASSAY_OPERATOR_RELU, ASSAY_OPERATOR_RELU6,
                                                           ASSAY_OPERATOR_RELU_N1_TO_1, ASSAY_OPERATOR_RELU};
    for (uint32_t i = below(m, 4); i > 0; i--)
        add_affine(m, codes[below(m, 3)]);
    for (uint32_t i = below(m, 3); i > 0; i--)
        add_unary(m, activations[below(m, 4)]);
}

/* Two layers of the same weights, of which only the first is followed by a scale. */
static void add_shared(struct maker *m)
{
    const int32_t from = m->now, channels = shape_of(m, from)->dims[3];
    const int32_t weights = constant(m, "shared", (struct assay_shape){4, {channels, 1, 1, channels}}, -1, 1);
    const struct assay_operator op = {
        .code = ASSAY_OPERATOR_CONV_2D,
        .input_count = 2,
        .conv = {.padding = ASSAY_PAD_SAME, .stride_h = 1, .stride_w = 1, .dilation_h = 1, .dilation_w = 1}};
    const int32_t inputs[] = {from, weights};
    m->now = append(m, op, inputs, *shape_of(m, from));
    add_affine(m, ASSAY_OPERATOR_MUL);
    const int32_t left = m->now, right = append(m, op, inputs, *shape_of(m, from));
    const int32_t both[] = {left, right};
    m->now = append(m, (struct assay_operator){.code = ASSAY_OPERATOR_ADD, .input_count = 2, .fused = any_fused(m)},
                    both, *shape_of(m, from));
}

static void add_pool(struct maker *m)
{
    const struct assay_shape in = *shape_of(m, m->now);
    struct assay_operator op = {.code = below(m, 2) ? ASSAY_OPERATOR_AVERAGE_POOL_2D : ASSAY_OPERATOR_MAX_POOL_2D,
                                .input_count = 1,
                                .pool = {.padding = ASSAY_PAD_SAME,
                                         .stride_h = 1 + (int32_t)below(m, 2),
                                         .stride_w = 1,
                                         .filter_h = 2,
                                         .filter_w = 1 + (int32_t)below(m, 3)}};
    m->now =
        append(m, op, &m->now,
               (struct assay_shape){
                   4, {in.dims[0], (in.dims[1] + op.pool.stride_h - 1) / op.pool.stride_h, in.dims[2], in.dims[3]}});
}

/* now + (a * b), of two constants. */
static void add_constant_branch(struct maker *m)
{
    const struct assay_shape *out = shape_of(m, m->now);
    const struct assay_shape shape = {1, {out->dims[out->rank - 1]}};
    const int32_t factors[] = {constant(m, "factor", shape, -1, 1), constant(m, "factor", shape, -1, 1)};
    const int32_t product =
        append(m, (struct assay_operator){.code = ASSAY_OPERATOR_MUL, .input_count = 2}, factors, shape);
    const int32_t both[] = {m->now, product};
    m->now =
        append(m, (struct assay_operator){.code = ASSAY_OPERATOR_ADD, .input_count = 2}, both, *shape_of(m, m->now));
}

static void add_step(struct maker *m)
{
    switch (shape_of(m, m->now)->rank == 4 ? below(m, 7) : 6) {
    case 0:
    case 1:
    case 2:
        add_convolution(m);
        if (below(m, 6) == 0)
            require(assay_draft_add_output(m->draft, m->now)); /* seen from outside: nothing may change it */
        break;
    case 3:
        add_shared(m);
        break;
    case 4:
        add_pool(m);
        break;
    case 5:
        add_constant_branch(m);
        break;
    default:
        add_fully_connected(m);
        break;
    }
    add_batch_norm(m);
}

struct assay_graph *random_network(uint64_t seed)
{
    struct assay_model_error error = {{0}};
    struct maker m = {.draft = assay_draft_make(NULL, TEST_MEMORY, &error), .random = {seed * 2654435761u + 1}};
    require(m.draft);
    for (int i = 0; i < 4; i++)
        below(&m, 2);
    m.now = assay_draft_add_tensor(
        m.draft, &(struct assay_tensor){.name = "input",
                                        .type = ASSAY_TENSOR_F32,
                                        .shape = {4,
                                                  {1 + (int32_t)below(&m, 2), 2 + (int32_t)below(&m, 5),
                                                   2 + (int32_t)below(&m, 5), 1 + (int32_t)below(&m, 6)}}});
    require(m.now >= 0 && assay_draft_add_input(m.draft, m.now));
    for (uint32_t i = 1 + below(&m, 3); i > 0; i--)
        add_step(&m);
    require(assay_draft_add_output(m.draft, m.now));
    struct assay_graph *graph = finish_or_die(m.draft);
    assay_draft_free(m.draft);
    return graph;
}
