/* Conversion of networks of a few operators: where types meet, where parameters must be equal and cannot be, scales
 * that arithmetic has no numbers for, and what stays float. */
#include "models/optimize/tests/small.h"

static const struct assay_operator conv = {.code = ASSAY_OPERATOR_CONV_2D, .conv = {ASSAY_PAD_SAME, 1, 1, 1, 1, 0}};

/* A convolution of 1x1 from `channels` to as many. */
static int32_t add_conv(struct assay_draft *draft, int32_t x, const char *name, int32_t channels, double size)
{
    const struct assay_shape shape = draft->tensors[x].shape;
    const int32_t w = small_reals(draft, assay_draft_text(draft, "%s_w", name), SHAPE(channels, 1, 1, channels), -size,
                                  size),
                  b = small_reals(draft, assay_draft_text(draft, "%s_b", name), SHAPE(channels), -size, size),
                  y = small_tensor(draft, name, shape);
    small_add(draft, conv, LIST(x, w, b), LIST(y));
    return y;
}

static int32_t add_single(struct assay_draft *draft, enum assay_operator_code code, int32_t x, const char *name)
{
    const int32_t y = small_tensor(draft, name, draft->tensors[x].shape);
    small_add(draft, (struct assay_operator){.code = code}, LIST(x), LIST(y));
    return y;
}

static int32_t add_pair(struct assay_draft *draft, enum assay_operator_code code, int32_t a, int32_t b,
                        const char *name)
{
    const int32_t y = small_tensor(draft, name, draft->tensors[a].shape);
    small_add(draft, (struct assay_operator){.code = code}, LIST(a, b), LIST(y));
    return y;
}

static bool has_type(const struct assay_graph *graph, const char *name, enum assay_tensor_type type)
{
    const struct assay_tensor *tensor = small_find(graph, name);
    return tensor && tensor->type == type;
}

static bool alike(const struct assay_graph *graph, const char *a, const char *b)
{
    const struct assay_tensor *one = small_find(graph, a), *other = small_find(graph, b);
    return one && other && one->quantization.scale[0] == other->quantization.scale[0] &&
           one->quantization.zero[0] == other->quantization.zero[0];
}

struct bench {
    struct assay_draft *draft;
    struct assay_graph *real;
    struct small_samples *samples;
};

static struct bench ready(struct assay_draft *draft)
{
    struct bench bench = {draft, small_finish(draft), NULL};
    bench.samples = small_sample(bench.real, -3, 5);
    return bench;
}

static void leave(struct bench *bench)
{
    small_samples_free(bench->samples);
    assay_graph_free(bench->real);
    assay_draft_free(bench->draft);
}

/* Off by no more than a share of the largest output. */
static void expect_close(const struct bench *bench, const struct assay_graph *graph, double share)
{
    double magnitude;
    const double worst = small_difference(bench->real, graph, bench->samples, &magnitude);
    EXPECT(magnitude > 0);
    if (!(worst <= share * magnitude)) {
        fprintf(stderr, "%s: off by %g of %g\n", at_work, worst, magnitude);
        failures++;
    }
}

/* x -> a -> b -> (c, d) -> e = c + d, in all ways of choosing. */
static void check_mixtures(void)
{
    static const enum assay_mode modes[] = {ASSAY_MODE_FP32, ASSAY_MODE_INT8, ASSAY_MODE_INT16X8};
    enum { OPERATORS = 5 };
    struct assay_draft *draft = small_make();
    const int32_t x = small_input(draft, "x", SHAPE(1, 3, 5, 4)), a = add_conv(draft, x, "a", 4, 0.5),
                  b = add_single(draft, ASSAY_OPERATOR_RELU, a, "b"), c = add_conv(draft, b, "c", 4, 0.5),
                  d = add_single(draft, ASSAY_OPERATOR_TANH, b, "d"),
                  e = add_pair(draft, ASSAY_OPERATOR_ADD, c, d, "e");
    assay_draft_add_output(draft, e);
    assay_draft_add_output(draft, b); /* given out, twice, and used within */
    assay_draft_add_output(draft, b);
    struct bench bench = ready(draft);
    for (int way = 0; way < 243; way++) {
        enum assay_mode chosen[OPERATORS];
        char text[64];
        for (int i = 0, rest = way; i < OPERATORS; i++, rest /= 3)
            chosen[i] = modes[rest % 3];
        snprintf(text, sizeof(text), "mixture %d", way);
        at_work = text;
        for (int io = 0; io < 2; io++) {
            struct small_said said = {0};
            struct assay_graph *graph = small_convert(bench.real, bench.samples, chosen, io == 1, &said);
            EXPECT(said.lines == 0);
            EXPECT(graph->subgraphs[0].operator_count - small_count(graph, ASSAY_OPERATOR_QUANTIZE) -
                       small_count(graph, ASSAY_OPERATOR_DEQUANTIZE) ==
                   OPERATORS);
            const bool integer = io == 1 && way != 0;
            EXPECT((small_find(graph, "x")->type == ASSAY_TENSOR_F32) == !integer);
            EXPECT((small_find(graph, "b")->type == ASSAY_TENSOR_F32) == !integer);
            EXPECT((small_find(graph, "e")->type == ASSAY_TENSOR_F32) == !integer);
            EXPECT(has_type(graph, "c",
                            chosen[2] == ASSAY_MODE_FP32   ? ASSAY_TENSOR_F32
                            : chosen[2] == ASSAY_MODE_INT8 ? ASSAY_TENSOR_I8
                                                           : ASSAY_TENSOR_I16));
            expect_close(&bench, graph, way == 0 ? 1e-6 : 0.06);
            assay_graph_free(graph);
        }
    }

    at_work = "borders";
    const enum assay_mode one_float[] = {ASSAY_MODE_INT8, ASSAY_MODE_INT8, ASSAY_MODE_FP32, ASSAY_MODE_INT8,
                                         ASSAY_MODE_INT8};
    struct assay_graph *graph = small_convert(bench.real, bench.samples, one_float, false, NULL);
    EXPECT(small_count(graph, ASSAY_OPERATOR_QUANTIZE) == 2);   /* x, and c again */
    EXPECT(small_count(graph, ASSAY_OPERATOR_DEQUANTIZE) == 2); /* b, for c and for the end; e */
    EXPECT(has_type(graph, "x_int8", ASSAY_TENSOR_I8) && has_type(graph, "c_int8", ASSAY_TENSOR_I8));
    EXPECT(has_type(graph, "b_int8", ASSAY_TENSOR_I8) && has_type(graph, "e_int8", ASSAY_TENSOR_I8));
    EXPECT(has_type(graph, "a", ASSAY_TENSOR_I8) && has_type(graph, "c_w", ASSAY_TENSOR_F32));
    assay_graph_free(graph);
    leave(&bench);
}

/* Logistic and tanh are fixed to different scales: joined by CONCATENATION, which wants one, both are requantized, or
 * one of them. A reshaped softmax stays at 1/256. */
static void check_collisions(void)
{
    at_work = "collisions";
    struct assay_draft *draft = small_make();
    const int32_t x = small_input(draft, "x", SHAPE(1, 2, 3)), l = add_single(draft, ASSAY_OPERATOR_LOGISTIC, x, "l"),
                  t = add_single(draft, ASSAY_OPERATOR_TANH, x, "t"),
                  both = small_tensor(draft, "both", SHAPE(1, 2, 6)),
                  wide = small_tensor(draft, "wide", SHAPE(1, 2, 6)), s = small_tensor(draft, "s", SHAPE(1, 2, 3)),
                  flat = small_tensor(draft, "flat", SHAPE(1, 6));
    const struct assay_operator concatenation = {.code = ASSAY_OPERATOR_CONCATENATION, .axis.axis = 2};
    small_add(draft, concatenation, LIST(l, t), LIST(both));
    small_add(draft, concatenation, LIST(t, x), LIST(wide));
    small_add(draft, (struct assay_operator){.code = ASSAY_OPERATOR_SOFTMAX, .softmax.beta = 1}, LIST(x), LIST(s));
    small_add(draft,
              (struct assay_operator){.code = ASSAY_OPERATOR_RESHAPE, .reshape = {.shape = SHAPE(1, 6), .given = true}},
              LIST(s), LIST(flat));
    assay_draft_add_output(draft, both);
    assay_draft_add_output(draft, wide);
    assay_draft_add_output(draft, flat);
    struct bench bench = ready(draft);
    for (int m = 0; m < 2; m++) {
        const enum assay_mode mode = m ? ASSAY_MODE_INT16X8 : ASSAY_MODE_INT8;
        const enum assay_mode modes[] = {mode, mode, mode, mode, mode, mode};
        struct assay_graph *graph = small_convert(bench.real, bench.samples, modes, true, NULL);
        const struct assay_tensor *from = small_find(graph, "l"), *to = small_find(graph, "flat");
        const double scale = (double)from->quantization.scale[0], flat_scale = (double)to->quantization.scale[0];
        EXPECT(fabs(scale * (m ? 32768 : 256) - 1) < 1e-12 && fabs(flat_scale - scale) < 1e-12);
        EXPECT(fabs((double)small_find(graph, "t")->quantization.scale[0] * (m ? 32768 : 128) - 1) < 1e-12);
        EXPECT(alike(graph, "s", "flat") && alike(graph, "x", "wide"));
        EXPECT(alike(graph, "both", "t"));
        EXPECT(small_count(graph, ASSAY_OPERATOR_QUANTIZE) == (m ? 1 : 2)); /* t in the range of x; l in that of t */
        EXPECT(has_type(graph, "t_requantized", m ? ASSAY_TENSOR_I16 : ASSAY_TENSOR_I8));
        expect_close(&bench, graph, m ? 0.001 : 0.02);
        assay_graph_free(graph);
    }
    leave(&bench);
}

static void set_constant(struct assay_draft *draft, const char *name, size_t first, size_t count, float value)
{
    for (size_t t = 0; t < draft->tensor_count; t++)
        for (size_t i = first; strcmp(draft->tensors[t].name, name) == 0 && i < first + count; i++)
            ((float *)draft->tensors[t].data)[i] = value;
}

/* Dead channels, weights far below their bias or all zero, and an output that cancels to next to nothing. */
static void check_scales(void)
{
    static const float sizes[] = {0, 1e-30f, 1e-9f, 1e-4f, 1e4f, 1e9f};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (int m = 0; m < 2; m++) {
            char text[64];
            snprintf(text, sizeof(text), "weights of %g, mode %d", (double)sizes[i], m);
            at_work = text;
            struct assay_draft *draft = small_make();
            const int32_t x = small_input(draft, "x", SHAPE(1, 3, 3, 2)), a = add_conv(draft, x, "a", 2, 0.5);
            set_constant(draft, "a_w", 0, 2, sizes[i]); /* the first channel's; its bias stays */
            set_constant(draft, "a_b", 0, 1, 1.5f);
            assay_draft_add_output(draft, a);
            struct bench bench = ready(draft);
            const enum assay_mode mode = m ? ASSAY_MODE_INT16X8 : ASSAY_MODE_INT8;
            struct small_said said = {0};
            struct assay_graph *graph = small_convert(bench.real, bench.samples, &mode, true, &said);
            EXPECT(said.lines == 0);
            const struct assay_tensor *bias = small_find(graph, "a_b");
            EXPECT(bias && bias->type == (m ? ASSAY_TENSOR_I64 : ASSAY_TENSOR_I32));
            for (size_t c = 0; c < 2; c++) {
                const double q = m ? (double)((const int64_t *)bias->data)[c] : ((const int32_t *)bias->data)[c];
                const float b = ((const float *)bench.draft->tensors[x + 2].data)[c];
                EXPECT(fabs(q) <= (m ? 0x1p46 : 0x1p30) * 1.001);
                EXPECT(fabs(q * (double)bias->quantization.scale[c] - (double)b) <=
                       fabs((double)b) * 1e-6 + (double)bias->quantization.scale[c]);
            }
            expect_close(&bench, graph, m ? 0.01 : 0.02); /* int16x8: of the weights' 8 bits */
            assay_graph_free(graph);
            leave(&bench);
        }
    }

    at_work = "a difference that cancels";
    struct assay_draft *draft = small_make();
    const int32_t x = small_input(draft, "x", SHAPE(1, 7)), y = small_tensor(draft, "y", SHAPE(1, 7)),
                  r = add_single(draft, ASSAY_OPERATOR_RELU, x, "r");
    small_add(draft, (struct assay_operator){.code = ASSAY_OPERATOR_SUB}, LIST(r, r), LIST(y));
    assay_draft_add_output(draft, y);
    struct bench bench = ready(draft);
    const enum assay_mode modes[] = {ASSAY_MODE_INT16X8, ASSAY_MODE_INT16X8};
    struct small_said said = {0};
    struct assay_graph *graph = small_convert(bench.real, bench.samples, modes, false, &said);
    EXPECT(said.lines == 0 && small_count(graph, ASSAY_OPERATOR_SUB) == 1);
    double magnitude;
    EXPECT(small_difference(bench.real, graph, bench.samples, &magnitude) == 0);
    assay_graph_free(graph);
    leave(&bench);
}

/* What has no integer form stays as it is, is told of, and has borders around it. */
static void check_floats(void)
{
    at_work = "variables";
    struct assay_draft *draft = small_make();
    const int32_t x = small_input(draft, "x", SHAPE(1, 3)), a = add_single(draft, ASSAY_OPERATOR_RELU, x, "a"),
                  read = small_tensor(draft, "read", SHAPE(1, 3)), y = small_tensor(draft, "y", SHAPE(1, 3)),
                  handle = assay_draft_add_tensor(
                      draft,
                      &(struct assay_tensor){.name = "handle", .type = ASSAY_TENSOR_RESOURCE, .shape = SHAPE(1)});
    small_add(draft, (struct assay_operator){.code = ASSAY_OPERATOR_VAR_HANDLE, .variable = {"", "v"}}, LIST(-2),
              LIST(handle));
    small_add(draft, (struct assay_operator){.code = ASSAY_OPERATOR_READ_VARIABLE}, LIST(handle), LIST(read));
    small_add(draft, (struct assay_operator){.code = ASSAY_OPERATOR_ADD}, LIST(a, read), LIST(y));
    small_add(draft, (struct assay_operator){.code = ASSAY_OPERATOR_ASSIGN_VARIABLE}, LIST(handle, y), LIST(-2));
    assay_draft_add_output(draft, y);
    struct bench bench = ready(draft);
    const enum assay_mode modes[] = {ASSAY_MODE_INT8, ASSAY_MODE_INT8, ASSAY_MODE_INT8, ASSAY_MODE_INT8,
                                     ASSAY_MODE_INT8};
    struct small_said said = {0};
    struct assay_graph *graph = small_convert(bench.real, bench.samples, modes, false, &said);
    EXPECT(said.lines == 2 && strstr(said.text[0], "READ_VARIABLE") && strstr(said.text[1], "ASSIGN_VARIABLE"));
    EXPECT(has_type(graph, "read", ASSAY_TENSOR_F32) && has_type(graph, "read_int8", ASSAY_TENSOR_I8));
    expect_close(&bench, graph, 0.1); /* sums of all samples so far: the state is rounded each time */
    assay_graph_free(graph);
    leave(&bench);

    at_work = "weights that are computed";
    draft = small_make();
    const int32_t x2 = small_input(draft, "x", SHAPE(2, 3)), w2 = small_input(draft, "w", SHAPE(2, 3)),
                  w3 = add_single(draft, ASSAY_OPERATOR_RELU, w2, "w3"),
                  y2 = add_pair(draft, ASSAY_OPERATOR_ADD, x2, w3, "y2");
    assay_draft_add_output(draft, y2);
    draft->operators[1].fused = ASSAY_FUSED_TANH; /* which no kernel has */
    struct assay_layer_choice choices[2] = {{.mode = ASSAY_MODE_INT8}, {.mode = ASSAY_MODE_INT8}};
    float low[8] = {-3, -3, -3, -3}, high[8] = {5, 5, 5, 5};
    struct assay_ranges ranges = {draft->tensor_count, low, high, low, high};
    const struct assay_notes notes = {small_listen, &said};
    struct assay_model_error error = {{0}};
    said.lines = 0;
    EXPECT(assay_convert_integer(draft, choices, &ranges, false, &notes, &error));
    EXPECT(said.lines == 1 && strstr(said.text[0], "operator 1 (ADD") && strstr(said.text[0], "activation"));
    graph = small_finish(draft);
    EXPECT(small_count(graph, ASSAY_OPERATOR_DEQUANTIZE) == 1 && small_count(graph, ASSAY_OPERATOR_QUANTIZE) == 1);
    assay_graph_free(graph);
    assay_draft_free(draft);
}

static void expect_error(struct assay_draft *draft, struct assay_ranges ranges, const char *words)
{
    const struct assay_layer_choice choice = {.mode = ASSAY_MODE_INT8};
    const struct assay_notes nobody = {0};
    struct assay_model_error error = {{0}};
    EXPECT(!assay_convert_integer(draft, &choice, &ranges, false, &nobody, &error));
    if (!strstr(error.text, words)) {
        fprintf(stderr, "%s: '%s' says nothing of '%s'\n", at_work, error.text, words);
        failures++;
    }
}

static void check_errors(void)
{
    at_work = "errors";
    struct assay_draft *draft = small_make();
    const int32_t x = small_input(draft, "the_x", SHAPE(1, 3)), c = small_reals(draft, "the_c", SHAPE(3), -1, 1);
    add_pair(draft, ASSAY_OPERATOR_ADD, x, c, "y");
    float low[] = {1, 0, -1}, high[] = {-1, 0, 1};
    struct assay_ranges ranges = {3, low, high, low, high};
    expect_error(draft, ranges, "the_x");
    low[0] = -1;
    high[0] = INFINITY;
    expect_error(draft, ranges, "the_x");
    high[0] = 1;
    ranges.count = 2;
    expect_error(draft, ranges, "(y)");
    ranges.count = 3;
    set_constant(draft, "the_c", 1, 1, NAN);
    expect_error(draft, ranges, "the_c");
    assay_draft_free(draft);
}

int main(void)
{
    check_mixtures();
    check_collisions();
    check_scales();
    check_floats();
    check_errors();
    return failures != 0;
}
