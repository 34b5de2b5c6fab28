/* Each operator alone, in int8 and int16x8, with floats and with integers at its ends: is it integer, are its
 * parameters the specification's, and are its answers the float network's?
 *
 * How far they may be off follows from the scales. What comes in is off by half a step, in_scale / 2, and the operator
 * makes at most `gain` times that of it (the largest sum of magnitudes of its derivatives over a row of inputs: 1 for
 * what moves numbers or averages them, the sum of |w| for a layer …). The output's rounding, and its saturation at the
 * range's end, cost another step or so; operators of fixed-point approximations are allowed what their references
 * state, in steps. Weights are off by half a step of theirs, for each unit of the inputs. And a bound that allowed a
 * fifth of the output's magnitude would be none: that fails, too. */
#include "models/optimize/tests/small.h"

struct expected {
    double gain; /* of the first input's error, and of the second's */
    double gain2;
    double steps8, steps16; /* of the output, beyond that */
    double error;           /* of arithmetic that is not in the output's steps */
    enum { FREE, SHARED, FIXED8, FIXED } form;
    float fixed8, fixed16;
    int64_t zero8;
    double low, high; /* of the samples */
};

struct one {
    struct assay_draft *draft;
    struct expected expected;
};

static struct one start(const char *name, struct expected expected)
{
    at_work = name;
    if (expected.steps8 == 0)
        expected.steps8 = 1.5;
    if (expected.steps16 == 0)
        expected.steps16 = 2.5;
    if (expected.low == expected.high) {
        expected.low = -3;
        expected.high = 5;
    }
    return (struct one){small_make(), expected};
}

static const struct assay_operator *the_operator(const struct assay_graph *graph, enum assay_operator_code code)
{
    for (size_t i = 0; i < graph->subgraphs[0].operator_count; i++)
        if (graph->subgraphs[0].operators[i].code == code)
            return &graph->subgraphs[0].operators[i];
    return NULL;
}

static bool is_layer(enum assay_operator_code code)
{
    return code == ASSAY_OPERATOR_CONV_2D || code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ||
           code == ASSAY_OPERATOR_FULLY_CONNECTED;
}

static size_t run_behind(const struct assay_shape *shape, size_t axis)
{
    size_t run = 1;
    for (size_t d = axis + 1; d < shape->rank; d++)
        run *= (size_t)shape->dims[d];
    return run;
}

/* The largest sum over a channel of |w| * each. */
static double channel_sum(const struct assay_tensor *weights, size_t axis, size_t channels, double each_plus)
{
    const size_t run = run_behind(&weights->shape, axis), count = weights->bytes / sizeof(float);
    double largest = 0;
    for (size_t c = 0; c < channels; c++) {
        double sum = 0;
        for (size_t i = 0; i < count; i++)
            if (i / run % channels == c)
                sum += each_plus > 0 ? each_plus : fabs((double)((const float *)weights->data)[i]);
        largest = fmax(largest, sum);
    }
    return largest;
}

/* int8, symmetric, max|w| at 127 in each channel (the whole tensor, of one scale); the bias at s_in * s_w. Returns how
 * far weights and bias may put the output off. */
static double check_layer(const struct assay_graph *real, const struct assay_graph *graph, enum assay_mode mode,
                          double largest_input)
{
    const struct assay_operator *op = &real->subgraphs[0].operators[0], *made = the_operator(graph, op->code);
    const struct assay_tensor *tensors = graph->subgraphs[0].tensors;
    const struct assay_tensor *from = &real->subgraphs[0].tensors[op->inputs[1]], *weights = &tensors[made->inputs[1]];
    const size_t axis = op->code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ? 3 : 0;
    const size_t channels = (size_t)from->shape.dims[axis], run = run_behind(&from->shape, axis);
    const bool whole = op->code == ASSAY_OPERATOR_FULLY_CONNECTED;
    const struct assay_tensor_quantization *q = &weights->quantization;
    EXPECT(weights->type == ASSAY_TENSOR_I8 && weights->bytes == from->bytes / sizeof(float));
    EXPECT(strcmp(weights->name, "w") == 0);
    EXPECT(q->count == (whole ? 1 : channels) && (q->count == 1 || q->axis == axis));
    double worst_scale = 0;
    for (size_t c = 0; c < q->count; c++) {
        int largest = 0;
        EXPECT(q->zero[c] == 0);
        worst_scale = fmax(worst_scale, (double)q->scale[c]);
        for (size_t i = 0; i < weights->bytes; i++) {
            if (!whole && i / run % channels != c)
                continue;
            const int w = ((const int8_t *)weights->data)[i];
            const double exact = (double)((const float *)from->data)[i] / (double)q->scale[c];
            largest = abs(w) > largest ? abs(w) : largest;
            EXPECT(fabs(w - exact) <= 0.5001);
        }
        EXPECT(largest == 127);
    }
    const bool wide = mode == ASSAY_MODE_INT16X8;
    const float in_scale = tensors[made->inputs[0]].quantization.scale[0];
    const bool biased = op->input_count > 2 && op->inputs[2] >= 0;
    if (biased || wide) {
        const struct assay_tensor *bias = &tensors[made->inputs[2]];
        EXPECT(bias->type == (wide ? ASSAY_TENSOR_I64 : ASSAY_TENSOR_I32));
        EXPECT(bias->quantization.count == q->count && bias->bytes == channels * (wide ? 8 : 4));
        for (size_t c = 0; c < channels; c++) {
            const size_t s = whole ? 0 : c;
            const double scale = (double)in_scale * (double)q->scale[s];
            const double number =
                biased ? (double)((const float *)real->subgraphs[0].tensors[op->inputs[2]].data)[c] : 0;
            const int64_t got = wide ? ((const int64_t *)bias->data)[c] : ((const int32_t *)bias->data)[c];
            EXPECT(fabs((double)bias->quantization.scale[s] / scale - 1) < 1e-6 && bias->quantization.zero[s] == 0);
            EXPECT(fabs((double)got - number / scale) <= 0.5 + fabs(number / scale) * 1e-6);
        }
    }
    return channel_sum(from, axis, channels, worst_scale / 2) * largest_input + (double)in_scale * worst_scale;
}

static void check_parameters(const struct assay_graph *graph, const struct assay_operator *op, const struct expected *e,
                             enum assay_mode mode)
{
    const struct assay_tensor *tensors = graph->subgraphs[0].tensors;
    const enum assay_tensor_type type = mode == ASSAY_MODE_INT8 ? ASSAY_TENSOR_I8 : ASSAY_TENSOR_I16;
    const struct assay_tensor *out = &tensors[op->outputs[0]];
    for (size_t k = 0; k < op->output_count; k++) {
        EXPECT(tensors[op->outputs[k]].type == type && tensors[op->outputs[k]].quantization.count == 1);
        EXPECT(type == ASSAY_TENSOR_I8 || tensors[op->outputs[k]].quantization.zero[0] == 0);
    }
    if (e->form == FIXED || e->form == FIXED8) {
        const float scale = type == ASSAY_TENSOR_I8 ? e->fixed8 : e->fixed16;
        EXPECT(out->quantization.scale[0] == scale);
        EXPECT(out->quantization.zero[0] == (type == ASSAY_TENSOR_I8 ? e->zero8 : 0));
    }
    for (size_t k = 0; e->form == SHARED && k < op->input_count; k++) {
        const struct assay_tensor *in = op->inputs[k] < 0 ? NULL : &tensors[op->inputs[k]];
        if (!in || in->type != type)
            continue;
        for (size_t o = 0; o < op->output_count; o++) {
            const struct assay_tensor *to = &tensors[op->outputs[o]];
            EXPECT(in->quantization.scale[0] == to->quantization.scale[0]);
            EXPECT(in->quantization.zero[0] == to->quantization.zero[0]);
        }
    }
}

static double largest_of(const struct small_samples *samples, size_t input)
{
    const struct assay_data_array *array = &samples->arrays[input];
    double largest = 0;
    for (size_t i = 0; i < array->bytes / sizeof(float); i++)
        largest = fmax(largest, fabs((double)((const float *)array->data)[i]));
    return largest;
}

static void check_mode(const struct assay_graph *real, const struct small_samples *samples, const struct expected *e,
                       enum assay_mode mode, bool integer_io)
{
    const struct assay_operator *op = &real->subgraphs[0].operators[0];
    struct small_said said = {0};
    struct assay_graph *graph = small_convert(real, samples, &mode, integer_io, &said);
    const struct assay_subgraph *network = &graph->subgraphs[0];
    const struct assay_operator *made = the_operator(graph, op->code);
    EXPECT(said.lines == 0);
    EXPECT(network->operator_count == (integer_io ? 1 : 1 + network->input_count + network->output_count));
    for (size_t t = 0; integer_io && t < network->tensor_count; t++)
        EXPECT(network->tensors[t].type != ASSAY_TENSOR_F32);
    for (size_t i = 0; i < network->input_count; i++)
        EXPECT(strcmp(network->tensors[network->inputs[i]].name,
                      real->subgraphs[0].tensors[real->subgraphs[0].inputs[i]].name) == 0);
    for (size_t i = 0; i < network->output_count; i++)
        EXPECT(strcmp(network->tensors[network->outputs[i]].name,
                      real->subgraphs[0].tensors[real->subgraphs[0].outputs[i]].name) == 0);
    check_parameters(graph, made, e, mode);

    const struct assay_tensor *tensors = network->tensors;
    const bool wide = mode == ASSAY_MODE_INT16X8;
    const double in_scale = (double)tensors[made->inputs[op->code == ASSAY_OPERATOR_SPLIT]].quantization.scale[0];
    const double out_scale = (double)tensors[made->outputs[0]].quantization.scale[0];
    double magnitude, bound = e->gain * in_scale / 2 + out_scale * (wide ? e->steps16 : e->steps8);
    if (is_layer(op->code)) {
        const struct assay_tensor *weights = &real->subgraphs[0].tensors[op->inputs[1]];
        const size_t axis = op->code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ? 3 : 0;
        bound += channel_sum(weights, axis, (size_t)weights->shape.dims[axis], 0) * in_scale / 2 +
                 check_layer(real, graph, mode, largest_of(samples, 0));
    }
    if (e->gain2 > 0)
        bound += e->gain2 * (double)tensors[made->inputs[1]].quantization.scale[0] / 2;
    const double worst = small_difference(real, graph, samples, &magnitude);
    bound += e->error;
    if (!(worst <= bound) || !(bound < magnitude / 5)) {
        fprintf(stderr, "%s, %s: off by %g; the bound is %g, the largest output %g\n", at_work, assay_mode_name(mode),
                worst, bound, magnitude);
        failures++;
    }
    assay_graph_free(graph);
}

/* The draft's network of one operator: all of it. int16 where the operator has it. */
static void check(struct one one, bool has_int16)
{
    struct assay_graph *real = small_finish(one.draft);
    struct small_samples *samples = small_sample(real, one.expected.low, one.expected.high);
    check_mode(real, samples, &one.expected, ASSAY_MODE_INT8, false);
    check_mode(real, samples, &one.expected, ASSAY_MODE_INT8, true);
    if (has_int16) {
        check_mode(real, samples, &one.expected, ASSAY_MODE_INT16X8, false);
        check_mode(real, samples, &one.expected, ASSAY_MODE_INT16X8, true);
    } else {
        const enum assay_mode mode = ASSAY_MODE_INT16X8;
        struct small_said said = {0};
        struct assay_graph *same = small_convert(real, samples, &mode, false, &said);
        EXPECT(said.lines == 1 && strstr(said.text[0], "stays float") && same->subgraphs[0].operator_count == 1);
        assay_graph_free(same);
    }
    small_samples_free(samples);
    assay_graph_free(real);
    assay_draft_free(one.draft);
}

static void give_out(struct one *one, int32_t tensor)
{
    assay_draft_add_output(one->draft, tensor);
}

static void check_conv(struct assay_shape in, struct assay_shape weights, struct assay_shape out, int32_t stride,
                       int32_t dilation, enum assay_padding padding, bool biased, enum assay_fused fused)
{
    const bool depthwise = weights.dims[0] == 1 && weights.dims[3] != in.dims[3];
    struct one one = start(depthwise ? "DEPTHWISE_CONV_2D" : "CONV_2D", (struct expected){0});
    const int32_t channels = weights.dims[depthwise ? 3 : 0];
    const int32_t x = small_input(one.draft, "x", in), w = small_reals(one.draft, "w", weights, -0.4, 0.6),
                  b = biased ? small_reals(one.draft, "b", SHAPE(channels), -1, 1) : -1,
                  y = small_tensor(one.draft, "y", out);
    struct assay_operator op = {.code = depthwise ? ASSAY_OPERATOR_DEPTHWISE_CONV_2D : ASSAY_OPERATOR_CONV_2D,
                                .fused = fused,
                                .conv = {padding, stride, stride, dilation, dilation, 0}};
    if (depthwise)
        op.conv.multiplier = channels / in.dims[3];
    small_add(one.draft, op, LIST(x, w, b), LIST(y));
    give_out(&one, y);
    check(one, true);
}

static void check_layers(void)
{
    check_conv(SHAPE(1, 5, 7, 3), SHAPE(4, 3, 3, 3), SHAPE(1, 5, 7, 4), 1, 1, ASSAY_PAD_SAME, true, ASSAY_FUSED_NONE);
    check_conv(SHAPE(2, 6, 5, 1), SHAPE(1, 2, 3, 1), SHAPE(2, 5, 3, 1), 1, 1, ASSAY_PAD_VALID, false, ASSAY_FUSED_RELU);
    check_conv(SHAPE(1, 9, 9, 5), SHAPE(7, 1, 1, 5), SHAPE(1, 5, 5, 7), 2, 1, ASSAY_PAD_SAME, true, ASSAY_FUSED_RELU6);
    check_conv(SHAPE(1, 5, 7, 3), SHAPE(1, 3, 3, 6), SHAPE(1, 5, 7, 6), 1, 1, ASSAY_PAD_SAME, true, ASSAY_FUSED_NONE);
    check_conv(SHAPE(1, 8, 8, 2), SHAPE(1, 2, 2, 6), SHAPE(1, 6, 6, 6), 1, 2, ASSAY_PAD_VALID, false, ASSAY_FUSED_RELU);
    for (int32_t n = 1; n <= 17; n += 8) {
        struct one one = start("FULLY_CONNECTED", (struct expected){0});
        const int32_t x = small_input(one.draft, "x", SHAPE(3, 11)),
                      w = small_reals(one.draft, "w", SHAPE(n, 11), -1, 1),
                      b = n == 9 ? -1 : small_reals(one.draft, "b", SHAPE(n), -2, 2),
                      y = small_tensor(one.draft, "y", SHAPE(3, n));
        small_add(one.draft, (struct assay_operator){.code = ASSAY_OPERATOR_FULLY_CONNECTED}, LIST(x, w, b), LIST(y));
        give_out(&one, y);
        check(one, true);
    }
}

/* Two inputs, or one and a constant. */
static void check_pair(enum assay_operator_code code, struct assay_shape a, struct assay_shape b,
                       struct assay_shape out, bool constant, enum assay_fused fused, double gain)
{
    struct one one = start(assay_operator_name(code), (struct expected){.gain = gain, .gain2 = gain, .steps8 = 2});
    const int32_t x = small_input(one.draft, "x", a),
                  z = constant ? small_reals(one.draft, "c", b, -2, 4) : small_input(one.draft, "z", b),
                  y = small_tensor(one.draft, "y", out);
    small_add(one.draft, (struct assay_operator){.code = code, .fused = fused}, LIST(x, z), LIST(y));
    give_out(&one, y);
    check(one, true);
}

/* One input, perhaps a constant of integers, any number of outputs of one shape. */
static void check_single(struct assay_operator op, struct expected expected, struct assay_shape in, int32_t numbers,
                         const int32_t *integers, struct assay_shape out, bool has_int16)
{
    struct one one = start(assay_operator_name(op.code), expected);
    const int32_t x = small_input(one.draft, "x", in), y = small_tensor(one.draft, "y", out);
    const int32_t c = integers ? small_integers(one.draft, "c", SHAPE(numbers), integers) : -2;
    small_add(one.draft, op, LIST(x, c), LIST(y));
    give_out(&one, y);
    check(one, has_int16);
}

static void check_arithmetic(void)
{
    static const enum assay_operator_code sums[] = {ASSAY_OPERATOR_ADD, ASSAY_OPERATOR_SUB};
    for (size_t i = 0; i < 2; i++) {
        check_pair(sums[i], SHAPE(1, 7, 3), SHAPE(1, 7, 3), SHAPE(1, 7, 3), false, ASSAY_FUSED_NONE, 1);
        check_pair(sums[i], SHAPE(1, 5, 13), SHAPE(13), SHAPE(1, 5, 13), true, ASSAY_FUSED_RELU, 1);
    }
    check_pair(ASSAY_OPERATOR_MUL, SHAPE(1, 7, 3), SHAPE(1, 7, 3), SHAPE(1, 7, 3), false, ASSAY_FUSED_NONE, 5.1);
    check_pair(ASSAY_OPERATOR_MUL, SHAPE(1, 3, 17), SHAPE(1, 1, 17), SHAPE(1, 3, 17), true, ASSAY_FUSED_RELU6, 5.1);
    check_pair(ASSAY_OPERATOR_BATCH_MATMUL, SHAPE(1, 3, 5), SHAPE(1, 5, 4), SHAPE(1, 3, 4), false, ASSAY_FUSED_NONE,
               5 * 5.1);
    check_pair(ASSAY_OPERATOR_BATCH_MATMUL, SHAPE(1, 2, 3, 5), SHAPE(5, 7), SHAPE(1, 2, 3, 7), true, ASSAY_FUSED_NONE,
               5 * 5.1);
    const struct expected plain = {.gain = 1, .form = FREE}, swish = {.gain = 1.5, .steps8 = 3, .form = FREE};
    static const int32_t axes[] = {1, 2};
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_MEAN}, plain, SHAPE(1, 3, 5, 7), 2, axes, SHAPE(1, 7),
                 true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_RELU}, plain, SHAPE(1, 13), 0, NULL, SHAPE(1, 13),
                 true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_RELU_N1_TO_1}, plain, SHAPE(1, 13), 0, NULL,
                 SHAPE(1, 13), false);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_LEAKY_RELU, .leaky_relu.alpha = 0.3f}, plain,
                 SHAPE(1, 29), 0, NULL, SHAPE(1, 29), true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_HARD_SWISH}, swish, SHAPE(1, 29), 0, NULL, SHAPE(1, 29),
                 false);
}

/* The largest derivative is 1/4 for LOGISTIC, 1 for TANH, and for SOFTMAX the row's sum is at most 1/2. int16 tables
 * have 256 to 512 entries, interpolated. L2_NORMALIZATION: of a row of n, (1 + sqrt n) / |x|, and |x| >= 2 sqrt n. */
static void check_fixed(void)
{
    const struct expected logistic = {
        .gain = 0.25, .steps16 = 6, .form = FIXED, .fixed8 = 1.0f / 256, .zero8 = -128, .fixed16 = 1.0f / 32768};
    struct expected softmax = logistic, tanh = logistic, norm = logistic;
    softmax.gain = 0.5;
    softmax.steps16 = 40;
    tanh.gain = 1;
    tanh.steps16 = 12;
    tanh.fixed8 = norm.fixed8 = 1.0f / 128;
    tanh.zero8 = norm.zero8 = 0;
    norm.form = FIXED8;
    norm.low = 2;
    norm.high = 4;
    norm.gain = (1 + sqrt(9)) / (2 * sqrt(9));
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_LOGISTIC}, logistic, SHAPE(1, 31), 0, NULL,
                 SHAPE(1, 31), true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_TANH}, tanh, SHAPE(1, 31), 0, NULL, SHAPE(1, 31), true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_SOFTMAX, .softmax.beta = 1}, softmax, SHAPE(2, 11), 0,
                 NULL, SHAPE(2, 11), true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_L2_NORMALIZATION}, norm, SHAPE(2, 9), 0, NULL,
                 SHAPE(2, 9), false);
}

static void check_moves(void)
{
    const struct expected same = {.gain = 1, .steps8 = 1, .steps16 = 1, .form = SHARED};
    /* The ratio of the sizes is rounded to 1/1024: the last row (of 11) and column (of 4) are off by up to 10 + 3 half
     * units of that, between neighbours that differ by 8 at most. */
    const struct expected mixed = {.gain = 1, .steps8 = 2, .steps16 = 2, .error = 8 * 13 * 0x1p-11, .form = SHARED};
    const struct assay_shape image = SHAPE(1, 5, 7, 3);
    static const int32_t pads[] = {0, 0, 1, 2, 0, 3, 1, 0}, order[] = {0, 3, 1, 2}, size[] = {11, 4}, at[] = {1},
                         shape[] = {1, 105};
    struct assay_operator pool = {.code = ASSAY_OPERATOR_AVERAGE_POOL_2D, .pool = {ASSAY_PAD_SAME, 2, 2, 3, 3}};
    check_single(pool, same, image, 0, NULL, SHAPE(1, 3, 4, 3), true);
    pool.code = ASSAY_OPERATOR_MAX_POOL_2D;
    pool.fused = ASSAY_FUSED_RELU;
    check_single(pool, same, image, 0, NULL, SHAPE(1, 3, 4, 3), true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_RELU6}, same, SHAPE(1, 13), 0, NULL, SHAPE(1, 13),
                 true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_RESHAPE}, same, image, 2, shape, SHAPE(1, 105), true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_SQUEEZE}, same, SHAPE(1, 3, 1), 0, NULL, SHAPE(3),
                 true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_EXPAND_DIMS}, same, SHAPE(1, 3), 1, at, SHAPE(1, 1, 3),
                 true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_PAD}, same, image, 8, pads, SHAPE(1, 8, 10, 4), true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_TRANSPOSE}, same, image, 4, order, SHAPE(1, 3, 5, 7),
                 true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_GATHER, .axis.axis = 2}, same, image, 2, order,
                 SHAPE(1, 5, 2, 3), true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_RESIZE_NEAREST_NEIGHBOR}, same, image, 2, size,
                 SHAPE(1, 11, 4, 3), true);
    check_single((struct assay_operator){.code = ASSAY_OPERATOR_RESIZE_BILINEAR}, mixed, image, 2, size,
                 SHAPE(1, 11, 4, 3), true);
}

/* Several constants, or several tensors at either end. */
static void check_parts(void)
{
    const struct expected same = {.gain = 1, .steps8 = 1, .steps16 = 1, .form = SHARED};
    static const int32_t begin[] = {0, 1, 2}, size[] = {1, 2, -1}, end[] = {1, 4, 6}, stride[] = {1, 2, 1},
                         axis[] = {2}, sizes[] = {1, 5};
    struct one one = start("SLICE", same);
    int32_t x = small_input(one.draft, "x", SHAPE(1, 4, 6)), y = small_tensor(one.draft, "y", SHAPE(1, 2, 4));
    int32_t b = small_integers(one.draft, "b", SHAPE(3), begin), c = small_integers(one.draft, "c", SHAPE(3), size), d;
    small_add(one.draft, (struct assay_operator){.code = ASSAY_OPERATOR_SLICE}, LIST(x, b, c), LIST(y));
    give_out(&one, y);
    check(one, true);

    one = start("STRIDED_SLICE", same);
    x = small_input(one.draft, "x", SHAPE(1, 4, 6));
    y = small_tensor(one.draft, "y", SHAPE(1, 2, 4));
    b = small_integers(one.draft, "b", SHAPE(3), begin);
    c = small_integers(one.draft, "c", SHAPE(3), end);
    d = small_integers(one.draft, "d", SHAPE(3), stride);
    small_add(one.draft, (struct assay_operator){.code = ASSAY_OPERATOR_STRIDED_SLICE}, LIST(x, b, c, d), LIST(y));
    give_out(&one, y);
    check(one, true);

    one = start("SPLIT", same);
    x = small_input(one.draft, "x", SHAPE(1, 4, 6));
    b = small_integers(one.draft, "b", SHAPE(1), axis);
    y = small_tensor(one.draft, "y", SHAPE(1, 4, 3));
    c = small_tensor(one.draft, "y2", SHAPE(1, 4, 3));
    small_add(one.draft, (struct assay_operator){.code = ASSAY_OPERATOR_SPLIT, .split.count = 2}, LIST(b, x),
              LIST(y, c));
    give_out(&one, y);
    give_out(&one, c);
    check(one, true);

    one = start("SPLIT_V", same);
    x = small_input(one.draft, "x", SHAPE(1, 4, 6));
    b = small_integers(one.draft, "b", SHAPE(2), sizes);
    d = small_integers(one.draft, "d", SHAPE(1), axis);
    y = small_tensor(one.draft, "y", SHAPE(1, 4, 1));
    c = small_tensor(one.draft, "y2", SHAPE(1, 4, 5));
    small_add(one.draft, (struct assay_operator){.code = ASSAY_OPERATOR_SPLIT_V, .split.count = 2}, LIST(x, b, d),
              LIST(y, c));
    give_out(&one, y);
    give_out(&one, c);
    check(one, true);

    one = start("CONCATENATION", same);
    x = small_input(one.draft, "x", SHAPE(1, 4, 6));
    c = small_reals(one.draft, "c", SHAPE(1, 4, 2), -7, 1); /* wider than what comes in: the range is of both */
    d = small_input(one.draft, "d", SHAPE(1, 4, 1));
    y = small_tensor(one.draft, "y", SHAPE(1, 4, 9));
    small_add(one.draft, (struct assay_operator){.code = ASSAY_OPERATOR_CONCATENATION, .axis.axis = 2}, LIST(x, c, d),
              LIST(y));
    give_out(&one, y);
    check(one, true);
}

int main(void)
{
    check_layers();
    check_arithmetic();
    check_fixed();
    check_moves();
    check_parts();
    return failures != 0;
}
