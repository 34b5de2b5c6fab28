/* Numbers for the quantize operation. */
#include "kernels/core/fixed_point.h"
#include "suites/probe/data.h"
#include "suites/probe/half.h"
#include "suites/probe/layer_parts.h"

#include <float.h>
#include <math.h>
#include <string.h>

static bool is_wide(enum assay_type type)
{
    return type == ASSAY_I16;
}

/* Scales that cover the reals (signed, within about 15), or that make ties exact. */
static void choose_quantization(struct layer *layer, struct data_random *random)
{
    struct assay_quantization *q = &layer->problem.quantization;
    const enum assay_conversion conversion = layer->problem.quantize.conversion;
    const enum layer_values values = layer->options.values;
    const bool wide_in = is_wide(assay_conversion_input(conversion));
    const bool wide_out = is_wide(assay_conversion_output(conversion));
    q->in_scale = wide_in ? 15.0f / 32767.0f : 0.0784f;
    q->out_scale = wide_out ? 13.0f / 32767.0f : 0.0931f;
    if (values == VALUES_TIES)
        q->in_scale = q->out_scale = 0.5f;
    if (layer->problem.mode != ASSAY_MODE_INT8)
        return; /* zero points of int16 are 0 */
    q->in_zero = 7;
    q->out_zero = -19;
    if (values == VALUES_ZERO_POINTS) {
        q->in_zero = data_next(random) >> 63 ? 127 : -128;
        q->out_zero = data_next(random) >> 63 ? 127 : -128;
    }
}

/* The factor of a requantization: in_scale / out_scale, or 1/8 so that ties come often. */
static bool choose_rescale(struct layer *layer)
{
    int32_t *rescale = layer_take(layer, 2 * sizeof(*rescale));
    if (!rescale)
        return false;
    const struct assay_quantization *q = &layer->problem.quantization;
    const double factor = layer->options.values == VALUES_TIES ? 0.125 : (double)q->in_scale / (double)q->out_scale;
    assay_fixed_point(factor, &rescale[0], &rescale[1]);
    layer->weights.multiplier = &rescale[0];
    layer->weights.shift = &rescale[1];
    return true;
}

static float tie(struct data_random *random, enum assay_conversion conversion)
{
    if (conversion != ASSAY_F32_F16)
        return ((float)data_below(random, 600) - 300.0f + 0.5f) * 0.5f;
    /* Halfway between two neighbours of binary16, subnormal ones too. */
    const uint16_t low = (uint16_t)data_below(random, 0x7BFF);
    const float middle = (half_to_float(low) + half_to_float(low + 1)) * 0.5f;
    return data_next(random) >> 63 ? -middle : middle;
}

static float extreme(struct data_random *random, enum assay_conversion conversion)
{
    /* Finite and at most FLT_MAX / 2 is what a dynamic row is specified for. */
    static const float row[] = {1.7e38f, -1.7e38f, 1e-30f, -3e37f, 0.0f};
    static const float any[] = {FLT_MAX, -FLT_MAX, 65504.0f, 65519.99f, 65520.0f, -65536.0f, 1e10f, -INFINITY};
    return conversion == ASSAY_ROW_F32_I8 ? row[data_below(random, 5)] : any[data_below(random, 8)];
}

static void change_reals(struct layer *layer, size_t count, struct data_random *random)
{
    const enum assay_conversion conversion = layer->problem.quantize.conversion;
    float *x = layer->real_in;
    for (size_t i = 0; i < count; i++) {
        switch (layer->options.values) {
        case VALUES_EXTREME:
            x[i] = extreme(random, conversion);
            break;
        case VALUES_DENORMAL:
            x[i] = ldexpf(x[i], assay_conversion_output(conversion) == ASSAY_F16 ? -18 : -130);
            break;
        case VALUES_TIES:
            x[i] = tie(random, conversion);
            break;
        default:
            break;
        }
    }
    if (count > 0 && layer->options.values == VALUES_NAN)
        x[count / 2] = NAN;
    if (count > 0 && layer->options.values == VALUES_INFINITY)
        x[count / 2] = -INFINITY;
}

/* All bit patterns of binary16 in turn, where that is the input. */
static void write_halves(struct layer *layer, struct assay_rows in, struct data_random *random)
{
    uint16_t *to = (uint16_t *)(uintptr_t)layer->io.in;
    for (size_t r = 0; r < in.rows; r++)
        for (size_t c = 0; c < in.columns; c++)
            to[r * in.stride + c] = layer->options.values == VALUES_TYPICAL
                                        ? half_from_float(layer->real_in[r * in.columns + c])
                                        : (uint16_t)data_next(random);
}

static void write_integers(struct layer *layer, struct assay_rows in, struct data_random *random)
{
    const bool typical = layer->options.values == VALUES_TYPICAL;
    const struct assay_quantization *q = &layer->problem.quantization;
    const double low = in.type == ASSAY_I16 ? -32768.0 : -128.0, high = -low - 1.0;
    void *buffer = (void *)(uintptr_t)layer->io.in;
    for (size_t r = 0; r < in.rows; r++) {
        for (size_t c = 0; c < in.columns; c++) {
            const double real = (double)layer->real_in[r * in.columns + c] / (double)q->in_scale + (double)q->in_zero;
            const int32_t any = (int32_t)(uint32_t)data_next(random);
            const int32_t value = typical ? (int32_t)fmin(fmax(round(real), low), high) : any;
            if (in.type == ASSAY_I16)
                ((int16_t *)buffer)[r * in.stride + c] = (int16_t)value;
            else
                ((int8_t *)buffer)[r * in.stride + c] = (int8_t)value;
        }
    }
}

bool layer_fill_quantize(struct layer *layer)
{
    const struct assay_rows in = assay_problem_in_rows(&layer->problem);
    struct data_random random = data_random_of(layer->options.seed, DATA_CHOICES);
    choose_quantization(layer, &random);
    if ((layer->problem.quantize.conversion == ASSAY_I8_I8 || layer->problem.quantize.conversion == ASSAY_I16_I16) &&
        !choose_rescale(layer))
        return false;
    if (in.type == ASSAY_F32) {
        change_reals(layer, in.rows * in.columns, &random);
        if (layer->options.values == VALUES_ZERO_ROW && in.rows > 0)
            memset(layer->real_in + in.rows / 2 * in.columns, 0, in.columns * sizeof(float));
        layer_write_float_input(layer);
    } else if (in.type == ASSAY_F16) {
        write_halves(layer, in, &random);
    } else {
        write_integers(layer, in, &random);
    }
    layer->has_reals = layer->options.values == VALUES_TYPICAL;
    return true;
}
