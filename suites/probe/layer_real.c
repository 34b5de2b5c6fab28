/* The reals of a layer. */
#include "suites/probe/data.h"
#include "suites/probe/layer_parts.h"
#include "suites/probe/prune.h"

#include <math.h>
#include <string.h>

/* Sign and significand at random, within [1, 2) * 2^exponent. */
static float random_magnitude(struct data_random *random, int exponent)
{
    const uint64_t word = data_next(random);
    const float magnitude = ldexpf((float)(32768 + (word & 0x7FFF)), exponent - 15);
    return word >> 63 ? -magnitude : magnitude;
}

/* As large as leaves every partial sum finite in the mode: f32 sums stay below 2^127, f16 sums below 2^15. */
static void make_extreme(struct layer *layer, size_t in_count, size_t weight_count)
{
    const bool half = layer->problem.mode == ASSAY_MODE_FP16;
    const int depth_bits = (int)ceil(log2((double)assay_problem_depth(&layer->problem) + 1.0));
    const int weight_exponent = half ? 9 - depth_bits : layer->problem.mode == ASSAY_MODE_FP16W ? 14 : 40;
    struct data_random random = data_random_of(layer->options.seed, DATA_CHOICES);
    for (size_t i = 0; i < in_count; i++)
        layer->real_in[i] = random_magnitude(&random, half ? 4 : 40);
    for (size_t i = 0; i < weight_count; i++)
        if (layer->real_weights[i] != 0.0f)
            layer->real_weights[i] = random_magnitude(&random, weight_exponent);
}

/* Neighbours have almost opposite inputs and the same weight: what is left of two products is small beside them. */
static void make_cancelling(struct layer *layer, size_t in_count, size_t weight_count)
{
    const float factor = layer->problem.mode == ASSAY_MODE_FP16 ? 8.0f : 4096.0f;
    for (size_t i = 0; i + 1 < in_count; i += 2) {
        layer->real_in[i] *= factor;
        layer->real_in[i + 1] = -layer->real_in[i] * (1.0f + 1.0f / 4096.0f);
    }
    for (size_t i = 0; i + 1 < weight_count; i += 2)
        if (layer->real_weights[i + 1] != 0.0f)
            layer->real_weights[i + 1] = layer->real_weights[i];
}

static void make_denormal(struct layer *layer, size_t in_count, size_t channels)
{
    const int exponent = layer->problem.mode == ASSAY_MODE_FP16 ? -16 : -130;
    for (size_t i = 0; i < in_count; i++)
        layer->real_in[i] = ldexpf(layer->real_in[i], exponent);
    for (size_t c = 0; c < channels; c++)
        layer->real_bias[c] = ldexpf(layer->real_bias[c], exponent);
}

/* The middle row, or the whole first image where there are several; and the middle channel's weights. */
static void make_zero_row(struct layer *layer, struct assay_rows in, size_t channels, size_t depth)
{
    size_t first = in.rows / 2, count = in.rows > 0;
    if (layer->problem.op == ASSAY_OP_CONV && layer->problem.conv.batch > 1) {
        first = 0;
        count = in.rows / layer->problem.conv.batch;
    }
    memset(layer->real_in + first * in.columns, 0, count * in.columns * sizeof(float));
    if (channels > 0 && layer->real_weights)
        memset(layer->real_weights + channels / 2 * depth, 0, depth * sizeof(float));
}

static void apply_values(struct layer *layer, struct assay_rows in, size_t channels, size_t depth)
{
    const size_t in_count = in.rows * in.columns, weight_count = channels * depth;
    const size_t middle = in.rows / 2 * in.columns + in.columns / 2;
    switch (layer->options.values) {
    case VALUES_EXTREME:
        if (!assay_mode_is_integer(layer->problem.mode)) /* integers are drawn as such: layer_hostile.c */
            make_extreme(layer, in_count, weight_count);
        break;
    case VALUES_CANCELLING:
        make_cancelling(layer, in_count, weight_count);
        break;
    case VALUES_DENORMAL:
        make_denormal(layer, in_count, channels);
        break;
    case VALUES_NAN:
        if (in_count > 0)
            layer->real_in[middle] = NAN;
        break;
    case VALUES_INFINITY:
        if (in_count > 0)
            layer->real_in[middle] = -INFINITY;
        break;
    case VALUES_ZERO_ROW:
        make_zero_row(layer, in, channels, depth);
        break;
    default:
        break;
    }
}

/* Sparse weights: pruned, but for the middle row where `options.rows` says otherwise. */
static bool prune(struct layer *layer, size_t rows, size_t columns)
{
    float *middle = layer->real_weights + rows / 2 * columns;
    if (!prune_blocks(layer->real_weights, rows, columns, layer->problem.structure, layer->options.sparsity))
        return false;
    if (rows == 0 || layer->options.rows == ROWS_PRUNED)
        return true;
    memset(middle, 0, columns * sizeof(float));
    if (layer->options.rows == ROWS_FULL_ONE)
        for (size_t i = 0; i < columns; i++)
            middle[i] = (float)(i % 7 + 1) * (i % 2 ? -0.125f : 0.125f);
    return true;
}

bool layer_fill_reals(struct layer *layer)
{
    const struct assay_problem *p = &layer->problem;
    const struct assay_rows in = assay_problem_in_rows(p);
    layer->real_in = layer_take(layer, in.rows * in.columns * sizeof(float));
    if (!layer->real_in)
        return false;
    /* Images (few channels) and what is quantized are signed; between layers activations have passed a ReLU. */
    const bool convolution = p->op == ASSAY_OP_CONV || p->op == ASSAY_OP_DWCONV;
    const bool rectified = convolution && in.columns > 3;
    data_input(layer->options.seed, rectified ? DATA_RECTIFIED : DATA_SIGNED, in.rows, in.columns, layer->real_in);
    if (p->op == ASSAY_OP_QUANTIZE || p->op == ASSAY_OP_ADD)
        return true; /* their own numbers: layer_conversion.c, layer_add.c */

    const size_t channels = assay_problem_channels(p), depth = assay_problem_depth(p);
    layer->real_weights = layer_take(layer, channels * depth * sizeof(float));
    layer->real_bias = layer_take(layer, channels * sizeof(float));
    if (!layer->real_weights || !layer->real_bias)
        return false;
    data_weights(layer->options.seed, channels, depth, layer->real_weights);
    data_bias(layer->options.seed, channels, layer->real_bias);
    if (p->op == ASSAY_OP_SPMM && !prune(layer, channels, depth))
        return false;
    apply_values(layer, in, channels, depth);
    return true;
}
