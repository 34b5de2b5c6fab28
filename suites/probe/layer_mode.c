/* From the reals to each mode's numbers, as a converter does it after training. */
#include "kernels/core/fixed_point.h"
#include "suites/probe/half.h"
#include "suites/probe/layer_parts.h"
#include "suites/probe/window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Outputs that are computed to find the output's range. */
enum { CALIBRATION_OUTPUTS = 8192 };

/* To nearest, ties away from zero, within [low, high]. */
static double quantize_to(double x, double low, double high)
{
    return fmin(fmax(round(x), low), high);
}

void layer_write_float_input(struct layer *layer)
{
    const struct assay_rows in = assay_problem_in_rows(&layer->problem);
    char *buffer = (char *)(uintptr_t)layer->io.in; /* ours, though run may only read it */
    for (size_t r = 0; r < in.rows; r++) {
        const float *from = layer->real_in + r * in.columns;
        if (in.type == ASSAY_F32) {
            memcpy(buffer + r * in.stride * sizeof(float), from, in.columns * sizeof(float));
        } else {
            uint16_t *to = (uint16_t *)(void *)buffer + r * in.stride;
            for (size_t c = 0; c < in.columns; c++)
                to[c] = half_from_float(from[c]);
        }
    }
}

bool layer_fill_float(struct layer *layer)
{
    const struct assay_problem *p = &layer->problem;
    const size_t channels = assay_problem_channels(p), depth = assay_problem_depth(p);
    void *values = layer_take(layer, assay_problem_weight_bytes(p));
    if (!values)
        return false;
    for (size_t c = 0; c < channels; c++) {
        for (size_t i = 0; i < depth; i++) {
            const float w = layer->real_weights[c * depth + i];
            if (p->mode == ASSAY_MODE_FP32)
                ((float *)values)[window_weight(p, c, i)] = w;
            else
                ((uint16_t *)values)[window_weight(p, c, i)] = half_from_float(w);
        }
    }
    layer->weights.values = values;
    layer->weights.bias = layer->real_bias;
    layer_write_float_input(layer);
    return true;
}

void layer_quantize_weights(const struct layer *layer, int8_t *values, float *scale)
{
    const struct assay_problem *p = &layer->problem;
    const size_t channels = assay_problem_channels(p), depth = assay_problem_depth(p);
    for (size_t c = 0; c < channels; c++) {
        const float *from = layer->real_weights + c * depth;
        float largest = 0.0f;
        for (size_t i = 0; i < depth; i++)
            largest = fmaxf(largest, fabsf(from[i]));
        scale[c] = largest > 0.0f ? largest / 127.0f : 1.0f;
        for (size_t i = 0; i < depth; i++)
            values[window_weight(p, c, i)] = (int8_t)quantize_to((double)from[i] / (double)scale[c], -127.0, 127.0);
    }
}

bool layer_fill_hybrid(struct layer *layer)
{
    int8_t *values = layer_take(layer, assay_problem_weight_bytes(&layer->problem));
    float *scale = layer_take(layer, assay_problem_channels(&layer->problem) * sizeof(*scale));
    if (!values || !scale)
        return false;
    layer_quantize_weights(layer, values, scale);
    layer->weights.values = values;
    layer->weights.scale = scale;
    layer->weights.bias = layer->real_bias;
    layer_write_float_input(layer);
    return true;
}

/* Scale and zero point for the range low … high, which is widened to hold 0. */
static void affine(enum assay_type type, double low, double high, float *scale, int32_t *zero)
{
    low = fmin(low, 0.0);
    high = fmax(high, 0.0);
    *zero = 0;
    *scale = (float)(type == ASSAY_I16 ? fmax(-low, high) / 32767.0 : (high - low) / 255.0);
    if (!(*scale > 0.0f && *scale <= 1e30f)) {
        *scale = 1.0f;
        return;
    }
    if (type == ASSAY_I8)
        *zero = (int32_t)quantize_to(-128.0 - low / (double)*scale, -128.0, 127.0);
}

static void calibrate_input(struct layer *layer)
{
    const struct assay_rows in = assay_problem_in_rows(&layer->problem);
    double low = 0.0, high = 0.0;
    for (size_t i = 0; i < in.rows * in.columns; i++) {
        low = fmin(low, (double)layer->real_in[i]);
        high = fmax(high, (double)layer->real_in[i]);
    }
    struct assay_quantization *q = &layer->problem.quantization;
    affine(in.type, low, high, &q->in_scale, &q->in_zero);
}

static bool calibrate_output(struct layer *layer)
{
    const struct assay_problem *p = &layer->problem;
    size_t *pixels = malloc(window_taps(p) * sizeof(*pixels));
    if (!pixels)
        return false;
    const float *bias = layer->options.no_bias ? NULL : layer->real_bias;
    /* Every channel, whatever is left out: a few have weights much larger than the others', and set the range. */
    struct window_grid grid = window_grid_of(p, 0);
    if (grid.columns > 0)
        grid.row_step = (grid.rows / (CALIBRATION_OUTPUTS / grid.columns + 1)) | 1;
    double low = 0.0, high = 0.0;
    for (size_t r = 0; r < grid.rows; r = window_next(r, grid.row_step, grid.rows)) {
        for (size_t c = 0; c < grid.columns; c = window_next(c, grid.column_step, grid.columns)) {
            const double real = window_real_output(p, layer->real_in, layer->real_weights, bias, r, c, pixels);
            low = fmin(low, real);
            high = fmax(high, real);
        }
    }
    free(pixels);
    affine(assay_mode_output(p->mode), low, high, &layer->problem.quantization.out_scale,
           &layer->problem.quantization.out_zero);
    return true;
}

static void write_integer_input(struct layer *layer)
{
    const struct assay_rows in = assay_problem_in_rows(&layer->problem);
    const struct assay_quantization *q = &layer->problem.quantization;
    char *buffer = (char *)(uintptr_t)layer->io.in;
    for (size_t r = 0; r < in.rows; r++) {
        for (size_t c = 0; c < in.columns; c++) {
            const double x = (double)layer->real_in[r * in.columns + c] / (double)q->in_scale;
            if (in.type == ASSAY_I8)
                ((int8_t *)buffer)[r * in.stride + c] =
                    (int8_t)quantize_to(round(x) + (double)q->in_zero, -128.0, 127.0);
            else
                ((int16_t *)(void *)buffer)[r * in.stride + c] = (int16_t)quantize_to(x, -32768.0, 32767.0);
        }
    }
}

/* Biases at in_scale * scale[c], kept so small that no sum leaves the accumulator (int32, or 2^47 for int16x8). */
static void quantize_bias(struct layer *layer, const float *scale, void *bias)
{
    const size_t channels = assay_problem_channels(&layer->problem);
    const bool wide = layer->problem.mode == ASSAY_MODE_INT16X8;
    for (size_t c = 0; c < channels; c++) {
        const double unit = (double)layer->problem.quantization.in_scale * (double)scale[c];
        const double limit = wide ? 0x1p44 : 0x1p30;
        const double q = quantize_to((double)layer->real_bias[c] / unit, -limit, limit);
        if (wide)
            ((int64_t *)bias)[c] = (int64_t)q;
        else
            ((int32_t *)bias)[c] = (int32_t)q;
    }
}

bool layer_fill_integer(struct layer *layer)
{
    const struct assay_problem *p = &layer->problem;
    const size_t channels = assay_problem_channels(p);
    int8_t *values = layer_take(layer, assay_problem_weight_bytes(p));
    void *bias = layer_take(layer, assay_problem_bias_bytes(p));
    float *scale = layer_take(layer, channels * sizeof(*scale));
    int32_t *multiplier = layer_take(layer, channels * sizeof(*multiplier));
    int32_t *shift = layer_take(layer, channels * sizeof(*shift));
    calibrate_input(layer);
    if (!values || !bias || !scale || !multiplier || !shift || !calibrate_output(layer))
        return false;
    layer_quantize_weights(layer, values, scale);
    quantize_bias(layer, scale, bias);
    for (size_t c = 0; c < channels; c++)
        assay_fixed_point((double)p->quantization.in_scale * (double)scale[c] / (double)p->quantization.out_scale,
                          &multiplier[c], &shift[c]);
    write_integer_input(layer);
    layer->weights = (struct assay_weights){.values = values, .bias = bias, .multiplier = multiplier, .shift = shift};
    layer_overwrite_integers(layer);
    return true;
}
