#include "suites/probe/oracle_parts.h"

#include "suites/probe/half.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double oracle_real(const void *array, enum assay_type type, size_t index)
{
    switch (type) {
    case ASSAY_F32:
        return (double)((const float *)array)[index];
    case ASSAY_F16:
        return (double)half_to_float(((const uint16_t *)array)[index]);
    case ASSAY_I8:
        return ((const int8_t *)array)[index];
    default:
        return ((const int16_t *)array)[index];
    }
}

/* printf shows a NaN's sign, which means nothing and differs between targets. */
static double unsigned_nan(double x)
{
    return isnan(x) ? fabs(x) : x;
}

void oracle_add_float(struct oracle_verdict *verdict, size_t row, size_t column, double got, double exact, double bound)
{
    const bool same = got == exact || (isnan(got) && isnan(exact));
    double ratio = 0.0;
    if (!same)
        ratio = isfinite(got) && isfinite(exact) && bound > 0.0 ? fabs(got - exact) / bound : INFINITY;
    if (ratio > 1.0 && !verdict->message[0])
        snprintf(verdict->message, sizeof(verdict->message),
                 "row %zu, column %zu: got %.9g, exactly %.9g, allowed error %.3g", row, column, unsigned_nan(got),
                 unsigned_nan(exact), bound);
    verdict->value = fmax(verdict->value, ratio);
    verdict->judged++;
}

void oracle_add_exact(struct oracle_verdict *verdict, size_t row, size_t column, double got, double expected,
                      bool equal)
{
    if (!equal && !verdict->message[0])
        snprintf(verdict->message, sizeof(verdict->message), "row %zu, column %zu: got %.9g, must be %.9g", row, column,
                 got, expected);
    verdict->value += !equal;
    verdict->judged++;
}

bool oracle_judge(const struct layer *layer, enum assay_accumulator accumulator, const void *out,
                  const struct assay_row_quantization *row_parameters, size_t limit, struct oracle_verdict *verdict)
{
    const struct assay_problem *p = &layer->problem;
    const struct window_grid grid = window_grid_of(p, limit);
    const bool exact = p->op == ASSAY_OP_QUANTIZE || p->op == ASSAY_OP_ADD || assay_mode_is_integer(p->mode);
    memset(verdict, 0, sizeof(*verdict));
    verdict->metric = exact ? "mismatches" : "error_over_bound";
    verdict->bound = exact ? 0.0 : 1.0;
    bool done;
    if (p->op == ASSAY_OP_QUANTIZE)
        done = oracle_judge_quantize(layer, out, row_parameters, grid, verdict);
    else if (p->op == ASSAY_OP_ADD)
        done = oracle_judge_add(layer, out, grid, verdict);
    else if (p->mode == ASSAY_MODE_HYBRID)
        done = oracle_judge_hybrid(layer, out, grid, verdict);
    else if (exact)
        done = oracle_judge_integer(layer, out, grid, verdict);
    else
        done = oracle_judge_float(layer, accumulator, out, grid, verdict);
    if (!done) {
        verdict->value = INFINITY;
        snprintf(verdict->message, sizeof(verdict->message), "the oracle has no memory for this layer");
    }
    return verdict->value <= verdict->bound;
}

/* What an element of the output means as a real; quantize's outputs may be integers in any mode. */
static double meaning(const struct layer *layer, const void *out, size_t row, size_t column)
{
    const struct assay_rows rows = assay_problem_out_rows(&layer->problem);
    const struct assay_quantization *q = &layer->problem.quantization;
    const double raw = oracle_real(out, rows.type, row * rows.stride + column);
    if (rows.type == ASSAY_F32 || rows.type == ASSAY_F16)
        return raw;
    return (double)q->out_scale * (raw - (double)q->out_zero);
}

static double real_sum(const struct layer *layer, size_t i)
{
    const struct assay_problem *p = &layer->problem;
    const double a = (double)layer->real_in[i], b = (double)layer->real_addend[i];
    const double sum = p->add.subtract ? a - b : a + b;
    return assay_clamps(p) ? fmin(fmax(sum, (double)assay_clamp_min(p)), (double)assay_clamp_max(p)) : sum;
}

bool oracle_mode_error(const struct layer *layer, const void *out, size_t limit, struct oracle_verdict *verdict)
{
    const struct assay_problem *p = &layer->problem;
    memset(verdict, 0, sizeof(*verdict));
    verdict->metric = "rel_rms";
    verdict->value = verdict->bound = NAN;
    const bool dynamic_row = p->op == ASSAY_OP_QUANTIZE && p->quantize.conversion == ASSAY_ROW_F32_I8;
    if (!layer->has_reals ||
        dynamic_row) /* a dynamic row's meaning is in its parameters; hybrid layers show its error */
        return false;
    size_t *pixels = malloc(window_taps(p) * sizeof(*pixels));
    if (!pixels)
        return false;
    const size_t columns = assay_problem_in_rows(p).columns;
    const struct window_grid grid = window_grid_of(p, limit);
    double error = 0.0, power = 0.0;
    for (size_t r = 0; r < grid.rows; r = window_next(r, grid.row_step, grid.rows)) {
        for (size_t c = 0; c < grid.columns; c = window_next(c, grid.column_step, grid.columns)) {
            const double real = p->op == ASSAY_OP_QUANTIZE ? (double)layer->real_in[r * columns + c]
                                : p->op == ASSAY_OP_ADD    ? real_sum(layer, c)
                                                           : window_real_output(p, layer->real_in, layer->real_weights,
                                                                                layer->real_bias, r, c, pixels);
            const double difference = meaning(layer, out, r, c) - real;
            error += difference * difference;
            power += real * real;
            verdict->judged++;
        }
    }
    free(pixels);
    if (power > 0.0)
        verdict->value = sqrt(error / power);
    return power > 0.0;
}
