/* Numbers for add: two inputs, each with a scale of its own. */
#include "kernels/core/fixed_point.h"
#include "suites/probe/data.h"
#include "suites/probe/layer_parts.h"

#include <float.h>
#include <math.h>

/* The addend is wider than the first operand, as what a network adds hardly ever is of one scale. */
static void draw_addend(struct layer *layer)
{
    const size_t count = layer->problem.add.count;
    data_input(layer->options.seed + 1, DATA_SIGNED, 1, count, layer->real_addend);
    for (size_t i = 0; i < count; i++)
        layer->real_addend[i] *= 1.7f;
}

/* Of `steps` on the narrower side of the zero point: holds all reals. */
static float scale_of(const float *real, size_t count, float steps)
{
    float most = 0.0f;
    for (size_t i = 0; i < count; i++)
        most = fmaxf(most, fabsf(real[i]));
    return most > 0.0f ? most / steps : 1.0f / steps;
}

/* Scales that hold all reals; for ties such that half of the sums lie halfway. */
static void choose_quantization(struct layer *layer, struct data_random *random)
{
    struct assay_quantization *q = &layer->problem.quantization;
    const enum layer_values values = layer->options.values;
    const bool wide = layer->problem.mode == ASSAY_MODE_INT16X8;
    q->in_scale = scale_of(layer->real_in, layer->problem.add.count, wide ? 32767.0f : 120.0f);
    q->addend_scale = scale_of(layer->real_addend, layer->problem.add.count, wide ? 32767.0f : 97.0f);
    q->out_scale = fmaxf(q->in_scale, q->addend_scale) * 1.13f;
    if (values == VALUES_TIES) {
        q->in_scale = 0.5f;
        q->addend_scale = data_next(random) >> 63 ? 0.5f : 0.25f;
        q->out_scale = 1.0f;
    } else if (values == VALUES_SHIFTS) { /* shifts of all three factors from none to beyond all bits */
        q->in_scale = ldexpf(1.0f + (float)data_below(random, 1000) / 1000.0f, (int)data_below(random, 40) - 20);
        q->addend_scale = ldexpf(q->in_scale, (int)data_below(random, 50) - 25) * 1.001f;
        q->out_scale = ldexpf(fmaxf(q->in_scale, q->addend_scale), (int)data_below(random, 20) - (wide ? 13 : 18));
    }
    if (wide)
        return;
    q->in_zero = values == VALUES_ZERO_POINTS ? (data_next(random) >> 63 ? 127 : -128) : 7;
    q->addend_zero = values == VALUES_ZERO_POINTS ? (data_next(random) >> 63 ? 127 : -128) : -31;
    q->out_zero = values == VALUES_ZERO_POINTS ? (data_next(random) >> 63 ? 127 : -128) : -5;
}

static bool choose_factors(struct layer *layer)
{
    const struct assay_quantization *q = &layer->problem.quantization;
    int32_t *multiplier = layer_take(layer, ASSAY_ADD_FACTORS * sizeof(*multiplier));
    int32_t *shift = layer_take(layer, ASSAY_ADD_FACTORS * sizeof(*shift));
    if (!multiplier || !shift)
        return false;
    const int left = layer->problem.mode == ASSAY_MODE_INT16X8 ? ASSAY_ADD_LEFT_I16 : ASSAY_ADD_LEFT_I8;
    const double a = (double)q->in_scale, b = (double)q->addend_scale, twice = 2.0 * fmax(a, b);
    assay_fixed_point(a / twice, &multiplier[0], &shift[0]);
    assay_fixed_point(b / twice, &multiplier[1], &shift[1]);
    assay_fixed_point(twice / ldexp((double)q->out_scale, left), &multiplier[2], &shift[2]);
    layer->weights.multiplier = multiplier;
    layer->weights.shift = shift;
    return true;
}

/* Typical integers are the reals'; all others are any. */
static void write_integers(const struct layer *layer, const float *real, float scale, int32_t zero, void *to,
                           struct data_random *random)
{
    const bool wide = layer->problem.mode == ASSAY_MODE_INT16X8;
    const enum layer_values values = layer->options.values;
    const double low = wide ? -32768.0 : -128.0, high = -low - 1.0;
    for (size_t i = 0; i < layer->problem.add.count; i++) {
        double q = fmin(fmax(round((double)real[i] / (double)scale) + (double)zero, low), high);
        if (values == VALUES_EXTREME)
            q = data_next(random) >> 63 ? low : high;
        else if (values == VALUES_ZERO_ROW)
            q = zero;
        else if (values != VALUES_TYPICAL)
            q = low + (double)data_below(random, (uint64_t)(high - low) + 1);
        if (wide)
            ((int16_t *)to)[i] = (int16_t)q;
        else
            ((int8_t *)to)[i] = (int8_t)q;
    }
}

static void change_reals(struct layer *layer, float *x, struct data_random *random)
{
    const size_t count = layer->problem.add.count;
    for (size_t i = 0; i < count; i++) {
        if (layer->options.values == VALUES_EXTREME)
            x[i] = data_next(random) >> 63 ? FLT_MAX : -FLT_MAX; /* half of the sums overflow */
        else if (layer->options.values == VALUES_DENORMAL)
            x[i] = ldexpf(x[i], -130);
        else if (layer->options.values == VALUES_ZERO_ROW)
            x[i] = i % 2 ? 0.0f : -0.0f;
    }
}

static void write_floats(struct layer *layer, struct data_random *random)
{
    const enum layer_values values = layer->options.values;
    const size_t count = layer->problem.add.count;
    change_reals(layer, layer->real_in, random);
    change_reals(layer, layer->real_addend, random);
    if (count > 0 && (values == VALUES_NAN || values == VALUES_INFINITY))
        layer->real_in[count / 2] = layer->real_addend[count / 3] = values == VALUES_NAN ? NAN : -INFINITY;
    for (size_t i = 0; i < count; i++) {
        ((float *)(uintptr_t)layer->io.in)[i] = layer->real_in[i];
        ((float *)(uintptr_t)layer->io.addend)[i] = layer->real_addend[i];
    }
}

bool layer_fill_add(struct layer *layer)
{
    struct data_random random = data_random_of(layer->options.seed, DATA_CHOICES);
    draw_addend(layer);
    layer->has_reals = layer->options.values == VALUES_TYPICAL;
    if (!assay_mode_is_integer(layer->problem.mode)) {
        write_floats(layer, &random);
        return true;
    }
    choose_quantization(layer, &random);
    const struct assay_quantization *q = &layer->problem.quantization;
    void *in = (void *)(uintptr_t)layer->io.in, *addend = (void *)(uintptr_t)layer->io.addend;
    write_integers(layer, layer->real_in, q->in_scale, q->in_zero, in, &random);
    write_integers(layer, layer->real_addend, q->addend_scale, q->addend_zero, addend, &random);
    return choose_factors(layer);
}
