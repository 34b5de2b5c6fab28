/* Float modes: exact sums in f64 (its own error, 2^-53 a step, is nothing beside what is allowed).
 *
 * Allowed, for an output with the terms x*w and b (kernels/gemm/gemm.h; Higham, section 3.1): gamma(t) * (sum |x*w| +
 * |b|) with t = terms + 1 roundings at most on the way of each term, gamma(t) = t*u / (1 - t*u); and, where results are
 * subnormal and relative errors say nothing, half of the smallest subnormal for each of the roundings. */
#include "suites/probe/oracle_parts.h"

#include <math.h>
#include <stdlib.h>

static double gamma_of(double terms, double unit)
{
    const double product = terms * unit;
    return product < 1.0 ? product / (1.0 - product) : INFINITY;
}

/* Inputs of one output row, [taps][width], outside ones 0. */
static void gather(const struct layer *layer, size_t row, size_t first, size_t width, size_t *pixels, double *x)
{
    const struct assay_problem *p = &layer->problem;
    const struct assay_rows in = assay_problem_in_rows(p);
    const size_t taps = window_taps(p);
    window_pixels(p, row, pixels);
    for (size_t tap = 0; tap < taps; tap++)
        for (size_t i = 0; i < width; i++)
            x[tap * width + i] = pixels[tap] == WINDOW_OUTSIDE
                                     ? 0.0
                                     : oracle_real(layer->io.in, in.type, pixels[tap] * in.stride + first + i);
}

struct rules {
    double unit, smallest, half_step; /* u; half the least subnormal of the accumulator; the output's own rounding */
    bool half;                        /* the output is f16 */
};

static struct rules rules_of(enum assay_mode mode, enum assay_accumulator accumulator)
{
    const bool narrow = accumulator == ASSAY_ACC_F16;
    return (struct rules){narrow ? 0x1p-11 : 0x1p-24, narrow ? 0x1p-25 : 0x1p-150, 0x1p-11, mode == ASSAY_MODE_FP16};
}

static double clamp_real(const struct assay_problem *p, double x)
{
    if (!assay_clamps(p) || isnan(x))
        return x;
    return fmin(fmax(x, (double)assay_clamp_min(p)), (double)assay_clamp_max(p));
}

static void judge_element(const struct layer *layer, const struct rules *rules, size_t row, size_t channel, double sum,
                          double magnitude, double got, struct oracle_verdict *verdict)
{
    const struct assay_problem *p = &layer->problem;
    const double terms = (double)assay_problem_depth(p) + 1.0;
    double bound = gamma_of(terms, rules->unit) * magnitude + terms * rules->smallest;
    const double exact = clamp_real(p, sum);
    if (assay_clamps(p) && isnan(sum))
        return; /* NaN, or a value of the range */
    if (rules->half) {
        bound += (fabs(exact) + bound) * rules->half_step + 0x1p-25;
        /* Beyond the largest half, 65504, infinity is the nearest; where an error decides, both are right. */
        if (isinf(got) && isfinite(exact) && (got > 0) == (exact > 0) && fabs(exact) + bound >= 65504.0)
            got = exact;
    }
    oracle_add_float(verdict, row, channel, got, exact, bound);
}

/* All sampled rows of one channel. x: their inputs where all channels read the same, else room for one row's. */
static void judge_channel(const struct layer *layer, const struct rules *rules, const void *out,
                          struct window_grid grid, size_t channel, size_t *pixels, double *x, double *w,
                          struct oracle_verdict *verdict)
{
    const struct assay_problem *p = &layer->problem;
    const struct assay_rows rows = assay_problem_out_rows(p);
    const size_t depth = assay_problem_depth(p);
    const bool depthwise = p->op == ASSAY_OP_DWCONV;
    const double bias = layer->weights.bias ? (double)((const float *)layer->weights.bias)[channel] : 0.0;
    for (size_t i = 0; i < depth; i++)
        w[i] = oracle_real(layer->weights.values, assay_mode_weight(p->mode), window_weight(p, channel, i));
    size_t sampled = 0;
    for (size_t r = 0; r < grid.rows; r = window_next(r, grid.row_step, grid.rows), sampled++) {
        const double *terms = x + (depthwise ? 0 : sampled * depth);
        if (depthwise)
            gather(layer, r, channel / p->dwconv.multiplier, 1, pixels, x);
        double sum = bias, magnitude = fabs(bias);
        for (size_t i = 0; i < depth; i++) {
            const double product = terms[i] * w[i];
            sum += product;
            magnitude += fabs(product);
        }
        const double got = oracle_real(out, rows.type, r * rows.stride + channel);
        judge_element(layer, rules, r, channel, sum, magnitude, got, verdict);
    }
}

bool oracle_judge_float(const struct layer *layer, enum assay_accumulator accumulator, const void *out,
                        struct window_grid grid, struct oracle_verdict *verdict)
{
    const struct assay_problem *p = &layer->problem;
    const struct rules rules = rules_of(p->mode, accumulator);
    const size_t depth = assay_problem_depth(p);
    const bool depthwise = p->op == ASSAY_OP_DWCONV;
    const size_t kept = depthwise ? 1 : grid.rows / grid.row_step + 2;
    size_t *pixels = malloc(window_taps(p) * sizeof(*pixels));
    double *x = calloc(kept * depth + 1, sizeof(*x)), *w = calloc(depth + 1, sizeof(*w));
    const bool memory = pixels && x && w;
    if (memory) {
        size_t sampled = 0;
        for (size_t r = 0; !depthwise && r < grid.rows; r = window_next(r, grid.row_step, grid.rows), sampled++)
            gather(layer, r, 0, assay_problem_in_rows(p).columns, pixels, x + sampled * depth);
        for (size_t c = 0; c < grid.columns; c = window_next(c, grid.column_step, grid.columns))
            judge_channel(layer, &rules, out, grid, c, pixels, x, w, verdict);
    }
    free(pixels);
    free(x);
    free(w);
    return memory;
}
