/* Integers that break kernels, put in the place of a layer's own. */
#include "kernels/core/fixed_point.h"
#include "suites/probe/data.h"
#include "suites/probe/layer_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The layer's own tensors: `weights` is const for kernels, not for the one who makes them. */
static int8_t *values_of(struct layer *layer)
{
    return (int8_t *)(uintptr_t)layer->weights.values;
}
static int32_t *multiplier_of(struct layer *layer)
{
    return (int32_t *)(uintptr_t)layer->weights.multiplier;
}
static int32_t *shift_of(struct layer *layer)
{
    return (int32_t *)(uintptr_t)layer->weights.shift;
}

static void set_bias(struct layer *layer, size_t channel, int64_t value)
{
    void *bias = (void *)(uintptr_t)layer->weights.bias;
    if (layer->problem.mode == ASSAY_MODE_INT16X8)
        ((int64_t *)bias)[channel] = value;
    else
        ((int32_t *)bias)[channel] = (int32_t)value;
}

typedef int32_t draw_fn(struct data_random *random, int32_t argument);

static void draw_input(struct layer *layer, struct data_random *random, draw_fn *draw, int32_t argument)
{
    const struct assay_rows in = assay_problem_in_rows(&layer->problem);
    void *buffer = (void *)(uintptr_t)layer->io.in;
    for (size_t r = 0; r < in.rows; r++) {
        for (size_t c = 0; c < in.columns; c++) {
            const int32_t q = draw(random, argument);
            if (in.type == ASSAY_I16)
                ((int16_t *)buffer)[r * in.stride + c] = (int16_t)q;
            else
                ((int8_t *)buffer)[r * in.stride + c] = (int8_t)q;
        }
    }
}

/* What is pruned stays so. */
static void draw_weights(struct layer *layer, struct data_random *random, draw_fn *draw, int32_t argument)
{
    const size_t count = assay_problem_weight_bytes(&layer->problem);
    int8_t *values = values_of(layer);
    for (size_t i = 0; i < count; i++)
        if (layer->problem.structure == ASSAY_DENSE || values[i] != 0)
            values[i] = (int8_t)draw(random, argument);
}

static int32_t draw_end(struct data_random *random, int32_t high)
{
    return data_next(random) >> 63 ? high : -high - 1;
}
static int32_t draw_sign(struct data_random *random, int32_t magnitude)
{
    return data_next(random) >> 63 ? magnitude : -magnitude;
}
static int32_t draw_near(struct data_random *random, int32_t centre)
{
    return centre + (int32_t)data_below(random, 5) - 2;
}
static int32_t draw_unit(struct data_random *random, int32_t unused)
{
    (void)unused;
    return (int32_t)data_below(random, 3) - 1;
}

/* Inputs and weights at the ends of their types. Odd channels land in the output's range; even ones have a bias
 * anywhere in the accumulator's, so that most saturate, and int32 sums wrap. */
static void make_extreme(struct layer *layer, struct data_random *random)
{
    const bool wide = layer->problem.mode == ASSAY_MODE_INT16X8;
    const size_t channels = assay_problem_channels(&layer->problem), depth = assay_problem_depth(&layer->problem);
    draw_input(layer, random, draw_end, wide ? INT16_MAX : INT8_MAX);
    draw_weights(layer, random, draw_sign, 127);
    for (size_t c = 0; c < channels; c++) {
        const double spread = sqrt((double)depth + 1.0) * 127.0 * (wide ? 32768.0 : 200.0);
        const double real = (wide ? 20000.0 : 70.0) / spread;
        assay_fixed_point(real, &multiplier_of(layer)[c], &shift_of(layer)[c]);
        /* int16x8: what the rescale returns is an int32, and no answer is defined where it is not. */
        const int64_t limit = wide ? (int64_t)fmin(0x1p45, 0x1p29 / real) : INT32_MAX;
        const int64_t anywhere = (int64_t)(data_next(random) % (2 * (uint64_t)limit)) - limit;
        set_bias(layer, c, c % 2 ? 0 : anywhere);
    }
}

static void make_zero_points(struct layer *layer, struct data_random *random)
{
    layer->problem.quantization.in_zero = draw_end(random, INT8_MAX);
    layer->problem.quantization.out_zero = draw_end(random, INT8_MAX);
}

/* Largest magnitude of a channel's accumulator, as a power of two. */
static int accumulator_bits(const struct layer *layer, size_t channel)
{
    const int64_t *bias = layer->weights.bias;
    const double products = (double)assay_problem_depth(&layer->problem) * 32768.0 * 127.0;
    return (int)ceil(log2(products + (double)llabs(bias[channel]) + 1.0));
}

static void make_shifts(struct layer *layer, struct data_random *random)
{
    const size_t channels = assay_problem_channels(&layer->problem), start = data_below(random, 39);
    for (size_t c = 0; c < channels; c++) {
        const int32_t between = (1 << 30) + (int32_t)data_below(random, 1U << 30);
        const int32_t multipliers[] = {1 << 30, INT32_MAX, between, between, c % 3 ? between : 0};
        int32_t shift = (int32_t)((c * 7 + start) % 39) - 31;
        if (layer->problem.mode == ASSAY_MODE_INT16X8) { /* as above: the result must fit */
            const int most = 30 - accumulator_bits(layer, c);
            shift = shift > most ? most : shift;
        }
        multiplier_of(layer)[c] = multipliers[data_below(random, 5)];
        shift_of(layer)[c] = shift;
    }
}

/* Small sums and factors that are powers of two: most results lie halfway. */
static void make_ties(struct layer *layer, struct data_random *random)
{
    const size_t channels = assay_problem_channels(&layer->problem);
    const bool wide = layer->problem.mode == ASSAY_MODE_INT16X8;
    layer->problem.quantization.in_zero = wide ? 0 : 3;
    layer->problem.quantization.out_zero = wide ? 0 : -2;
    draw_input(layer, random, draw_near, layer->problem.quantization.in_zero);
    draw_weights(layer, random, draw_unit, 0);
    for (size_t c = 0; c < channels; c++) {
        set_bias(layer, c, (int64_t)data_below(random, 41) - 20);
        multiplier_of(layer)[c] = 1 << 30;
        shift_of(layer)[c] = -(int32_t)(c % 4);
    }
}

void layer_overwrite_integers(struct layer *layer)
{
    struct data_random random = data_random_of(layer->options.seed, DATA_CHOICES);
    switch (layer->options.values) {
    case VALUES_EXTREME:
        make_extreme(layer, &random);
        break;
    case VALUES_ZERO_POINTS:
        make_zero_points(layer, &random);
        break;
    case VALUES_SHIFTS:
        make_shifts(layer, &random);
        break;
    case VALUES_TIES:
        make_ties(layer, &random);
        break;
    default:
        return;
    }
    layer->has_reals = false;
}
