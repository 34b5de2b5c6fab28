/* The float passes, each alone and one after the other, over random networks: what they leave is run by the executor
 * and judged by the original in f64 (exact.h). */
#include "models/optimize/layers.h"
#include "models/optimize/tests/judge.h"
#include "models/optimize/tests/random_network.h"
#include "models/tflite/writer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NETWORKS = 400 };

typedef bool pass_fn(struct assay_draft *, const struct assay_notes *, struct assay_model_error *);

static const struct assay_notes silent = {0};

static struct assay_graph *apply(const struct assay_graph *graph, pass_fn *const *passes, size_t count)
{
    struct assay_model_error error = {{0}};
    struct assay_draft *draft = assay_draft_make(graph, TEST_MEMORY, &error);
    for (size_t i = 0; i < count; i++)
        EXPECT(passes[i](draft, &silent, &error), "%s", error.text);
    struct assay_graph *changed = finish_or_die(draft);
    assay_draft_free(draft);
    return changed;
}

static void expect_same_files(const struct assay_graph *a, const struct assay_graph *b, uint64_t seed)
{
    struct assay_model_error error = {{0}};
    size_t a_size = 0, b_size = 0;
    void *a_bytes = assay_tflite_write(a, &a_size, &error), *b_bytes = assay_tflite_write(b, &b_size, &error);
    EXPECT(a_bytes && b_bytes && a_size == b_size && memcmp(a_bytes, b_bytes, a_size) == 0,
           "network %d is folded further the second time", (int)seed);
    free(a_bytes);
    free(b_bytes);
}

static size_t operators_of(const struct assay_graph *graph, enum assay_operator_code code)
{
    size_t count = 0;
    for (size_t i = 0; i < graph->subgraphs[0].operator_count; i++)
        count += graph->subgraphs[0].operators[i].code == code;
    return count;
}

static void check_folding(void)
{
    static pass_fn *const passes[] = {assay_fold_constants, assay_fold_batch_norm, assay_fuse_activations};
    size_t removed[4] = {0};
    for (uint64_t seed = 0; seed < NETWORKS; seed++) {
        struct assay_graph *graph = random_network(seed);
        for (size_t p = 0; p < 4; p++) {
            struct assay_graph *changed = p < 3 ? apply(graph, &passes[p], 1) : apply(graph, passes, 3);
            removed[p] += graph->subgraphs[0].operator_count - changed->subgraphs[0].operator_count;
            compare_outputs(graph, changed, (struct uncertainty){0x1p-22, 0}, seed, p % 2 ? NULL : "ref");
            if (p == 3) {
                struct assay_graph *again = apply(changed, passes, 3);
                expect_same_files(changed, again, seed);
                assay_graph_free(again);
            }
            assay_graph_free(changed);
        }
        assay_graph_free(graph);
    }
    printf("operators folded: %zu constants, %zu batch normalization, %zu activations, %zu by all\n", removed[0],
           removed[1], removed[2], removed[3]);
    for (size_t p = 0; p < 4; p++)
        EXPECT(removed[p] > NETWORKS / 8, "pass %zu removed only %zu", p, removed[p]);
}

/* A chain behind one layer of two channels, by hand: what must be folded, and what must not. */
struct chain {
    struct assay_draft *draft;
    int32_t now;
};

static int32_t plain_tensor(struct assay_draft *draft, const char *name)
{
    return assay_draft_add_tensor(draft,
                                  &(struct assay_tensor){.name = name, .type = ASSAY_TENSOR_F32, .shape = {2, {1, 2}}});
}

static void append(struct chain *chain, enum assay_operator_code code, enum assay_fused fused, int32_t first,
                   int32_t second)
{
    const int32_t inputs[] = {first, second}, output = plain_tensor(chain->draft, assay_operator_name(code));
    assay_draft_insert(chain->draft, chain->draft->operator_count,
                       &(struct assay_operator){.code = code,
                                                .version = 1,
                                                .input_count = second < 0 ? 1 : 2,
                                                .output_count = 1,
                                                .inputs = inputs,
                                                .outputs = &output,
                                                .fused = fused});
    chain->now = output;
}

static int32_t vector(struct chain *chain, float a, float b)
{
    return assay_draft_add_constant(chain->draft, "vector", ASSAY_TENSOR_F32, &(struct assay_shape){1, {2}},
                                    (float[]){a, b});
}

static struct chain begin(void)
{
    struct assay_model_error error;
    struct chain chain = {assay_draft_make(NULL, TEST_MEMORY, &error), 0};
    chain.now = plain_tensor(chain.draft, "input");
    assay_draft_add_input(chain.draft, chain.now);
    const float weights[] = {1, 2, 3, 4};
    append(
        &chain, ASSAY_OPERATOR_FULLY_CONNECTED, ASSAY_FUSED_NONE, chain.now,
        assay_draft_add_constant(chain.draft, "weights", ASSAY_TENSOR_F32, &(struct assay_shape){2, {2, 2}}, weights));
    return chain;
}

static struct assay_graph *end(struct chain *chain)
{
    assay_draft_add_output(chain->draft, chain->now);
    struct assay_graph *graph = finish_or_die(chain->draft);
    assay_draft_free(chain->draft);
    static pass_fn *const passes[] = {assay_fold_constants, assay_fold_batch_norm, assay_fuse_activations};
    struct assay_graph *folded = apply(graph, passes, 3);
    assay_graph_free(graph);
    return folded;
}

/* To the bit: weights are of 4 floats, bias of 2. */
static void expect_layer(struct chain *chain, const void *weights, const void *bias, enum assay_fused fused)
{
    struct assay_graph *graph = end(chain);
    const struct assay_subgraph *network = &graph->subgraphs[0];
    const struct assay_operator *op = &network->operators[0];
    EXPECT(network->operator_count == 1 && op->fused == fused, "%zu operators, activation %d", network->operator_count,
           (int)op->fused);
    EXPECT(memcmp(network->tensors[op->inputs[1]].data, weights, 4 * sizeof(float)) == 0, "the weights are wrong");
    EXPECT(op->input_count == 3 && memcmp(network->tensors[op->inputs[2]].data, bias, 2 * sizeof(float)) == 0,
           "the bias is wrong");
    assay_graph_free(graph);
}

static void expect_operators(struct chain *chain, size_t count)
{
    struct assay_graph *graph = end(chain);
    EXPECT(graph->subgraphs[0].operator_count == count, "%zu operators", graph->subgraphs[0].operator_count);
    assay_graph_free(graph);
}

static void check_by_hand(void)
{
    struct chain c = begin();
    append(&c, ASSAY_OPERATOR_MUL, ASSAY_FUSED_NONE, vector(&c, 2, -1), c.now);
    append(&c, ASSAY_OPERATOR_ADD, ASSAY_FUSED_RELU6, c.now, vector(&c, 5, 6));
    expect_layer(&c, (float[]){2, 4, -3, -4}, (float[]){5, 6}, ASSAY_FUSED_RELU6);

    c = begin();
    append(&c, ASSAY_OPERATOR_SUB, ASSAY_FUSED_NONE, c.now, vector(&c, 5, 6));
    append(&c, ASSAY_OPERATOR_SUB, ASSAY_FUSED_NONE, vector(&c, 1, 2), c.now);
    append(&c, ASSAY_OPERATOR_RELU_N1_TO_1, ASSAY_FUSED_NONE, c.now, -1);
    expect_layer(&c, (float[]){-1, -2, -3, -4}, (float[]){6, 8}, ASSAY_FUSED_RELU_N1_TO_1);

    /* The product of two constants becomes one first. */
    c = begin();
    const int32_t layer = c.now;
    append(&c, ASSAY_OPERATOR_MUL, ASSAY_FUSED_NONE, vector(&c, 1, 2), vector(&c, 3, 4));
    append(&c, ASSAY_OPERATOR_ADD, ASSAY_FUSED_RELU, c.now, layer);
    expect_layer(&c, (float[]){1, 2, 3, 4}, (float[]){3, 8}, ASSAY_FUSED_RELU);

    c = begin(); /* seen from outside before it is scaled */
    assay_draft_add_output(c.draft, c.now);
    append(&c, ASSAY_OPERATOR_MUL, ASSAY_FUSED_NONE, c.now, vector(&c, 2, 2));
    expect_operators(&c, 2);

    c = begin(); /* not linear: ReLU, then scaled */
    append(&c, ASSAY_OPERATOR_RELU, ASSAY_FUSED_NONE, c.now, -1);
    append(&c, ASSAY_OPERATOR_MUL, ASSAY_FUSED_NONE, c.now, vector(&c, 2, 2));
    expect_operators(&c, 2);

    c = begin(); /* its own square */
    append(&c, ASSAY_OPERATOR_MUL, ASSAY_FUSED_NONE, c.now, c.now);
    expect_operators(&c, 2);

    c = begin(); /* beyond f32 */
    append(&c, ASSAY_OPERATOR_MUL, ASSAY_FUSED_NONE, c.now, vector(&c, 3e38f, 1));
    expect_operators(&c, 2);

    c = begin(); /* one number a sample, not a channel: shape [2, 1] */
    const int32_t column = assay_draft_add_constant(c.draft, "column", ASSAY_TENSOR_F32,
                                                    &(struct assay_shape){2, {2, 1}}, (float[]){1, 2});
    append(&c, ASSAY_OPERATOR_ADD, ASSAY_FUSED_NONE, c.now, column);
    expect_operators(&c, 2);

    c = begin(); /* CONCATENATION has no activation to fuse */
    append(&c, ASSAY_OPERATOR_CONCATENATION, ASSAY_FUSED_NONE, c.now, -1);
    append(&c, ASSAY_OPERATOR_RELU, ASSAY_FUSED_NONE, c.now, -1);
    expect_operators(&c, 3);
}

static struct assay_layer_choice *choose(const struct assay_graph *graph, enum assay_mode mode)
{
    struct assay_layer_choice *choices = calloc(graph->subgraphs[0].operator_count + 1, sizeof(*choices));
    for (size_t i = 0; i < graph->subgraphs[0].operator_count; i++)
        choices[i].mode = mode;
    return choices;
}

struct said {
    size_t lines;
    char last[ASSAY_MODEL_MESSAGE];
};

static void listen(void *context, const char *line)
{
    struct said *said = context;
    said->lines++;
    snprintf(said->last, sizeof(said->last), "%s", line);
}

typedef bool convert_fn(struct assay_draft *, const struct assay_layer_choice *, const struct assay_notes *,
                        struct assay_model_error *);

static struct assay_graph *convert(const struct assay_graph *graph, convert_fn *pass, enum assay_mode mode,
                                   struct said *said)
{
    struct assay_model_error error = {{0}};
    const struct assay_notes notes = {listen, said};
    struct assay_layer_choice *choices = choose(graph, mode);
    struct assay_draft *draft = assay_draft_make(graph, TEST_MEMORY, &error);
    EXPECT(pass(draft, choices, &notes, &error), "%s", error.text);
    struct assay_graph *converted = finish_or_die(draft);
    assay_draft_free(draft);
    free(choices);
    return converted;
}

/* binary16 by its definition. */
static double half_value(uint16_t bits)
{
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    const double magnitude = exponent == 31  ? (fraction ? NAN : INFINITY)
                             : exponent == 0 ? ldexp(fraction, -24)
                                             : ldexp(1024 + fraction, exponent - 25);
    return bits & 0x8000 ? -magnitude : magnitude;
}

/* No neighbour is nearer, and between two equally near ones it is the even one. */
static bool is_nearest(float value, uint16_t bits)
{
    const double own = fabs(half_value(bits) - (double)value);
    const uint16_t up = bits + 1u, down = bits - 1u;
    const double above = (bits & 0x7fff) < 0x7bff ? fabs(half_value(up) - (double)value) : INFINITY;
    const double below = bits & 0x7fff ? fabs(half_value(down) - (double)value) : INFINITY;
    return signbit(value) == (bits >> 15) && own <= fmin(above, below) &&
           ((bits & 1) == 0 || (own < above && own < below));
}

static void check_halves(const struct assay_graph *graph)
{
    const struct assay_subgraph *network = &graph->subgraphs[0];
    for (size_t i = 0; i < network->operator_count; i++)
        for (size_t k = 0; k < network->operators[i].input_count; k++) {
            const int32_t t = network->operators[i].inputs[k];
            EXPECT(t < 0 || network->tensors[t].type != ASSAY_TENSOR_F32 || !network->tensors[t].data,
                   "operator %zu keeps an f32 constant", i);
        }
}

static void check_fp16w(void)
{
    size_t dequantized = 0;
    for (uint64_t seed = 0; seed < NETWORKS; seed++) {
        struct said said = {0};
        struct assay_graph *graph = random_network(seed);
        struct assay_graph *converted = convert(graph, assay_convert_fp16w, ASSAY_MODE_FP16W, &said);
        check_halves(converted);
        EXPECT(said.lines == 0, "%s", said.last);
        dequantized += operators_of(converted, ASSAY_OPERATOR_DEQUANTIZE);
        /* Half of the last place, relative to normal numbers, absolute below them. */
        compare_outputs(graph, converted, (struct uncertainty){0x1p-11, 0x1p-25}, seed, seed % 2 ? NULL : "ref");
        assay_graph_free(converted);
        assay_graph_free(graph);
    }
    EXPECT(dequantized > NETWORKS, "only %zu constants became f16", dequantized);
}

static void check_rounding(void)
{
    struct random random = {5};
    enum { COUNT = 4096 };
    float values[COUNT] = {0.0f,       -0.0f,    65519.0f,     -65504.0f,       0x1p-24f,        0x1p-25f,
                           0x1.8p-24f, 0x1p-14f, 0x1.ffcp-15f, 1.0f + 0x1p-11f, 1.0f + 0x3p-11f, 0x1.000002p-25f,
                           0x1p-149f,  INFINITY, -INFINITY};
    for (size_t i = 15; i < COUNT; i++)
        values[i] = ldexpf(random_real(&random, -2, 2), (int)random_below(&random, 42) - 27);
    struct chain c = begin();
    const int32_t table =
        assay_draft_add_constant(c.draft, "table", ASSAY_TENSOR_F32, &(struct assay_shape){2, {COUNT / 2, 2}}, values);
    append(&c, ASSAY_OPERATOR_ADD, ASSAY_FUSED_NONE, c.now, table);
    assay_draft_add_output(c.draft, c.now);
    struct assay_graph *graph = finish_or_die(c.draft);
    struct said said = {0};
    struct assay_graph *converted = convert(graph, assay_convert_fp16w, ASSAY_MODE_FP16W, &said);
    size_t seen = 0;
    for (size_t t = 0; t < converted->subgraphs[0].tensor_count; t++) {
        const struct assay_tensor *tensor = &converted->subgraphs[0].tensors[t];
        if (tensor->type != ASSAY_TENSOR_F16 || strcmp(tensor->name, "table") != 0)
            continue;
        seen++;
        for (size_t i = 0; i < COUNT; i++) {
            const uint16_t bits = ((const uint16_t *)tensor->data)[i];
            EXPECT(isinf(values[i]) ? half_value(bits) == (double)values[i] : is_nearest(values[i], bits),
                   "%a became %04x", (double)values[i], bits);
        }
    }
    EXPECT(seen == 1, "%zu tables", seen);
    assay_graph_free(converted);
    assay_graph_free(graph);
    assay_draft_free(c.draft);
}

/* One constant of an operator is too large: none of its constants changes, and a note says so. */
static void check_overflow(void)
{
    struct chain c = begin();
    append(&c, ASSAY_OPERATOR_ADD, ASSAY_FUSED_NONE, c.now, vector(&c, 65520, 1));
    assay_draft_add_output(c.draft, c.now);
    struct assay_graph *graph = finish_or_die(c.draft);
    struct said said = {0};
    struct assay_graph *converted = convert(graph, assay_convert_fp16w, ASSAY_MODE_FP16W, &said);
    EXPECT(operators_of(converted, ASSAY_OPERATOR_DEQUANTIZE) == 1, "the layer has one constant");
    EXPECT(said.lines == 1 && strstr(said.last, "operator 1 (ADD)") && strstr(said.last, "65504"), "%s", said.last);
    assay_graph_free(converted);
    assay_graph_free(graph);
    assay_draft_free(c.draft);
}

/* int8 against the float weights: within half a step, the largest at 127, no -128, zeros at scale 1. */
static void check_weights(const struct assay_tensor *q, const struct assay_tensor *w, size_t axis, bool by_channel)
{
    const size_t channels = (size_t)w->shape.dims[axis], count = q->bytes;
    const size_t scales = by_channel ? channels : 1;
    EXPECT(q->type == ASSAY_TENSOR_I8 && q->quantization.count == scales, "%zu scales", q->quantization.count);
    EXPECT(scales == 1 || q->quantization.axis == axis, "axis %zu", q->quantization.axis);
    int *largest = calloc(scales, sizeof(*largest));
    for (size_t i = 0; i < count; i++) {
        const size_t c = scales == 1 ? 0 : axis == 0 ? i / (count / channels) : i % channels;
        const double scale = (double)q->quantization.scale[c];
        const int value = ((const int8_t *)q->data)[i];
        EXPECT(fabs((double)((const float *)w->data)[i] - scale * value) <= scale * 0.5000001, "weight %zu", i);
        EXPECT(value >= -127, "weight %zu is -128", i);
        largest[c] = abs(value) > largest[c] ? abs(value) : largest[c];
    }
    for (size_t c = 0; c < scales; c++)
        EXPECT(largest[c] == 127 || (largest[c] == 0 && q->quantization.scale[c] == 1.0f), "channel %zu: %d at %g", c,
               largest[c], (double)q->quantization.scale[c]);
    free(largest);
}

static void check_hybrid(void)
{
    size_t layers = 0, zeros = 0;
    for (uint64_t seed = 0; seed < NETWORKS; seed++) {
        struct said said = {0};
        struct assay_graph *graph = random_network(seed);
        struct assay_graph *converted = convert(graph, assay_convert_hybrid, ASSAY_MODE_HYBRID, &said);
        const struct assay_subgraph *from = &graph->subgraphs[0], *to = &converted->subgraphs[0];
        EXPECT(said.lines == 0, "%s", said.last);
        EXPECT(from->operator_count == to->operator_count, "operators came or went");
        for (size_t i = 0; i < to->operator_count; i++) {
            const enum assay_operator_code code = to->operators[i].code;
            if (!is_layer(code))
                continue;
            const struct assay_tensor *q = &to->tensors[to->operators[i].inputs[1]];
            check_weights(q, &from->tensors[from->operators[i].inputs[1]],
                          code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ? 3 : 0, code != ASSAY_OPERATOR_FULLY_CONNECTED);
            for (size_t c = 0; c < q->quantization.count; c++)
                zeros += q->quantization.scale[c] == 1.0f;
        }
        layers += judge_hybrid_layers(converted, seed, seed % 2 ? NULL : "ref");
        assay_graph_free(converted);
        assay_graph_free(graph);
    }
    EXPECT(layers > NETWORKS && zeros > 0, "%zu layers judged, %zu scales of 1", layers, zeros);
}

/* Extremes: denormal weights get no scale of 0, infinite ones stay. */
static void check_hybrid_extremes(void)
{
    static const float extremes[][4] = {{0x1p-149f, 0, 0x1p-140f, 0}, {3e38f, -3e38f, 1, 0}, {INFINITY, 1, 2, 3}};
    for (size_t i = 0; i < 3; i++) {
        struct chain c = begin();
        memcpy((void *)c.draft->tensors[c.draft->operators[0].inputs[1]].data, extremes[i], sizeof(extremes[i]));
        assay_draft_add_output(c.draft, c.now);
        struct assay_graph *graph = finish_or_die(c.draft);
        struct said said = {0};
        struct assay_graph *converted = convert(graph, assay_convert_hybrid, ASSAY_MODE_HYBRID, &said);
        const struct assay_subgraph *network = &converted->subgraphs[0];
        const struct assay_tensor *weights = &network->tensors[network->operators[0].inputs[1]];
        EXPECT((weights->type == ASSAY_TENSOR_F32) == (i == 2) && said.lines == (i == 2), "%zu: %s", i, said.last);
        assay_graph_free(converted);
        assay_graph_free(graph);
        assay_draft_free(c.draft);
    }
}

int main(void)
{
    check_by_hand();
    check_folding();
    check_fp16w();
    check_rounding();
    check_overflow();
    check_hybrid();
    check_hybrid_extremes();
    return failures != 0;
}
