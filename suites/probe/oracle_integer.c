/* Integer modes and hybrid: exact sums. */
#include "suites/probe/oracle_parts.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* floor((x * y + 2^(bits - 1)) / 2^bits) */
static int64_t multiply_round_up(int64_t x, int64_t y, int bits)
{
    return (x * y + (INT64_C(1) << (bits - 1))) >> bits;
}

int32_t oracle_rescale(int32_t x, int32_t multiplier, int32_t shift)
{
    /* modulo 2^32 */
    const int32_t a = (int32_t)(uint32_t)((uint64_t)(int64_t)x << (shift > 0 ? shift : 0));
    const int64_t b = multiply_round_up(a, multiplier, 31);
    if (shift >= 0)
        return (int32_t)b;
    /* to nearest, ties away from zero: by the magnitude */
    const int64_t magnitude = (llabs(b) + (INT64_C(1) << (-shift - 1))) >> -shift;
    return (int32_t)(b < 0 ? -magnitude : magnitude);
}

int32_t oracle_rescale64(int64_t x, int32_t multiplier, int32_t shift)
{
    const int64_t q15 = multiplier >= 0x7FFF0000 ? 0x7FFF : ((int64_t)multiplier + 0x8000) / 0x10000;
    return (int32_t)multiply_round_up(x, q15, 15 - shift);
}

int32_t oracle_output(const struct assay_problem *problem, int32_t rescaled)
{
    /* The range is what the contract is made of (kernels/core/problem.h); the sum may pass 2^31. */
    const int64_t sum = (int64_t)rescaled + problem->quantization.out_zero;
    const int64_t low = assay_clamp_min_int(problem), high = assay_clamp_max_int(problem);
    return (int32_t)(sum < low ? low : sum > high ? high : sum);
}

struct oracle_row oracle_row_of(const float *x, size_t rows, size_t columns, size_t stride)
{
    struct oracle_row row = {.specified = true, .scale = 1.0f, .zero = 0};
    float low = 0.0f, high = 0.0f;
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            const float value = x[r * stride + c];
            if (!(fabsf(value) <= FLT_MAX / 2.0f))
                row.specified = false;
            low = fminf(low, value);
            high = fmaxf(high, value);
        }
    }
    const float scale = (high - low) / 255.0f;
    if (!row.specified || scale < FLT_MIN)
        return row;
    const float ratio = low / scale;
    row.scale = scale;
    row.zero = (int32_t)fminf(fmaxf(rintf(-128.0f - ratio), -128.0f), 127.0f);
    return row;
}

int32_t oracle_row_quantize(struct oracle_row row, float x)
{
    const float inverse = 1.0f / row.scale;
    const float scaled = x * inverse;
    const double q = (double)rintf(scaled) + (double)row.zero;
    return (int32_t)fmin(fmax(q, -128.0), 127.0);
}

/* What is gathered for an output row: inputs less their zero point; of hybrid also how the row was quantized. */
struct inputs {
    int32_t *x;
    struct oracle_row *rows;
    size_t *pixels;
    size_t group;
    struct oracle_row group_row; /* of that group: rows of one image share it */
    bool has_group;
};

static void find_group(const struct layer *layer, size_t row, struct inputs *inputs)
{
    const struct assay_problem *p = &layer->problem;
    const struct assay_rows in = assay_problem_in_rows(p);
    const size_t group = window_group(p, row), rows = window_group_rows(p);
    if (inputs->has_group && inputs->group == group)
        return;
    const float *x = (const float *)layer->io.in + group * rows * in.stride;
    inputs->group_row = oracle_row_of(x, assay_min(rows, in.rows - group * rows), in.columns, in.stride);
    if (layer->io.group_parameters) {
        inputs->group_row.scale = layer->io.group_parameters[group].scale;
        inputs->group_row.zero = layer->io.group_parameters[group].zero;
    }
    inputs->group = group;
    inputs->has_group = true;
}

static int32_t input_at(const struct layer *layer, const struct inputs *inputs, size_t index)
{
    const struct assay_problem *p = &layer->problem;
    if (p->mode == ASSAY_MODE_HYBRID)
        return oracle_row_quantize(inputs->group_row, ((const float *)layer->io.in)[index]) - inputs->group_row.zero;
    if (p->mode == ASSAY_MODE_INT8)
        return ((const int8_t *)layer->io.in)[index] - p->quantization.in_zero;
    return ((const int16_t *)layer->io.in)[index];
}

static void gather(const struct layer *layer, size_t row, size_t first, size_t width, struct inputs *inputs, int32_t *x)
{
    const struct assay_problem *p = &layer->problem;
    const size_t taps = window_taps(p), stride = assay_problem_in_rows(p).stride;
    window_pixels(p, row, inputs->pixels);
    if (p->mode == ASSAY_MODE_HYBRID)
        find_group(layer, row, inputs);
    for (size_t tap = 0; tap < taps; tap++) {
        const size_t pixel = inputs->pixels[tap];
        for (size_t i = 0; i < width; i++)
            x[tap * width + i] = pixel == WINDOW_OUTSIDE ? 0 : input_at(layer, inputs, pixel * stride + first + i);
    }
}

/* Sums are modulo 2^64, and then 2^32 in int8, as the contract says: unsigned arithmetic. */
static int64_t sum_of(const int32_t *x, const int32_t *w, size_t depth, uint64_t start)
{
    for (size_t i = 0; i < depth; i++)
        start += (uint64_t)((int64_t)x[i] * w[i]);
    return (int64_t)start;
}

static uint64_t bias_of(const struct layer *layer, size_t channel)
{
    const void *bias = layer->weights.bias;
    if (!bias)
        return 0;
    return layer->problem.mode == ASSAY_MODE_INT16X8 ? (uint64_t)((const int64_t *)bias)[channel]
                                                     : (uint64_t)(int64_t)((const int32_t *)bias)[channel];
}

static void judge_integer(const struct layer *layer, const void *out, size_t row, size_t channel, const int32_t *x,
                          const int32_t *w, struct oracle_verdict *verdict)
{
    const struct assay_problem *p = &layer->problem;
    const struct assay_rows rows = assay_problem_out_rows(p);
    const int64_t sum = sum_of(x, w, assay_problem_depth(p), bias_of(layer, channel));
    const int32_t multiplier = layer->weights.multiplier[channel], shift = layer->weights.shift[channel];
    const int32_t rescaled = p->mode == ASSAY_MODE_INT16X8
                                 ? oracle_rescale64(sum, multiplier, shift)
                                 : oracle_rescale((int32_t)(uint32_t)(uint64_t)sum, multiplier, shift);
    const double got = oracle_real(out, rows.type, row * rows.stride + channel);
    const double expected = oracle_output(p, rescaled);
    oracle_add_exact(verdict, row, channel, got, expected, got == expected);
}

/* float(sum) * (scale_i * scale[j]) + bias: three roundings reach the product, one more the sum, so gamma(4) of the
 * magnitudes; and where scale_i * scale[j] is subnormal, half of the least subnormal times the sum. */
static void judge_hybrid(const struct layer *layer, const void *out, size_t row, size_t channel,
                         const struct oracle_row *quantized, const int32_t *x, const int32_t *w,
                         struct oracle_verdict *verdict)
{
    const struct assay_problem *p = &layer->problem;
    if (!quantized->specified)
        return;
    const double sum = (double)sum_of(x, w, assay_problem_depth(p), 0);
    const double bias = layer->weights.bias ? (double)((const float *)layer->weights.bias)[channel] : 0.0;
    const double product = sum * ((double)quantized->scale * (double)layer->weights.scale[channel]);
    const double gamma4 = 4 * 0x1p-24 / (1 - 4 * 0x1p-24);
    const double bound = gamma4 * (fabs(product) + fabs(bias)) + (fabs(sum) + 2.0) * 0x1p-150;
    double exact = product + bias;
    if (assay_clamps(p))
        exact = fmin(fmax(exact, (double)assay_clamp_min(p)), (double)assay_clamp_max(p));
    const double got = (double)((const float *)out)[row * assay_problem_out_rows(p).stride + channel];
    oracle_add_float(verdict, row, channel, got, exact, bound);
}

static void judge_channel(const struct layer *layer, const void *out, struct window_grid grid, size_t channel,
                          struct inputs *inputs, int32_t *w, struct oracle_verdict *verdict)
{
    const struct assay_problem *p = &layer->problem;
    const size_t depth = assay_problem_depth(p);
    const bool depthwise = p->op == ASSAY_OP_DWCONV, hybrid = p->mode == ASSAY_MODE_HYBRID;
    const int8_t *values = layer->weights.values;
    for (size_t i = 0; i < depth; i++)
        w[i] = values[window_weight(p, channel, i)];
    size_t sampled = 0;
    for (size_t r = 0; r < grid.rows; r = window_next(r, grid.row_step, grid.rows), sampled++) {
        const int32_t *x = inputs->x + (depthwise ? 0 : sampled * depth);
        if (depthwise)
            gather(layer, r, channel / p->dwconv.multiplier, 1, inputs, inputs->x);
        const struct oracle_row *row = depthwise ? &inputs->group_row : &inputs->rows[sampled];
        if (hybrid)
            judge_hybrid(layer, out, r, channel, row, x, w, verdict);
        else
            judge_integer(layer, out, r, channel, x, w, verdict);
    }
}

static bool judge(const struct layer *layer, const void *out, struct window_grid grid, struct oracle_verdict *verdict)
{
    const struct assay_problem *p = &layer->problem;
    const size_t depth = assay_problem_depth(p), rows = grid.rows / grid.row_step + 2;
    const bool depthwise = p->op == ASSAY_OP_DWCONV;
    struct inputs inputs = {.x = calloc((depthwise ? 1 : rows) * depth + 1, sizeof(int32_t)),
                            .rows = malloc(rows * sizeof(struct oracle_row)),
                            .pixels = malloc(window_taps(p) * sizeof(size_t))};
    int32_t *w = calloc(depth + 1, sizeof(*w));
    const bool memory = inputs.x && inputs.rows && inputs.pixels && w;
    if (memory) {
        size_t sampled = 0;
        for (size_t r = 0; !depthwise && r < grid.rows; r = window_next(r, grid.row_step, grid.rows), sampled++) {
            gather(layer, r, 0, assay_problem_in_rows(p).columns, &inputs, inputs.x + sampled * depth);
            inputs.rows[sampled] = inputs.group_row;
        }
        for (size_t c = 0; c < grid.columns; c = window_next(c, grid.column_step, grid.columns))
            judge_channel(layer, out, grid, c, &inputs, w, verdict);
    }
    free(inputs.x);
    free(inputs.rows);
    free(inputs.pixels);
    free(w);
    return memory;
}

bool oracle_judge_integer(const struct layer *layer, const void *out, struct window_grid grid,
                          struct oracle_verdict *verdict)
{
    return judge(layer, out, grid, verdict);
}

bool oracle_judge_hybrid(const struct layer *layer, const void *out, struct window_grid grid,
                         struct oracle_verdict *verdict)
{
    return judge(layer, out, grid, verdict);
}
