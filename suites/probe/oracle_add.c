/* Sums of two: each output is one exact value. */
#include "suites/probe/oracle_parts.h"

#include <math.h>

/* rescale((x - zero) * 2^left) */
static int32_t term(const struct layer *layer, int factor, double x, int32_t zero)
{
    const int left = layer->problem.mode == ASSAY_MODE_INT16X8 ? 15 : 20;
    return oracle_rescale(((int32_t)x - zero) * (1 << left), layer->weights.multiplier[factor],
                          layer->weights.shift[factor]);
}

static double integer_sum(const struct layer *layer, double a, double b)
{
    const struct assay_problem *p = &layer->problem;
    const int32_t from_a = term(layer, 0, a, p->quantization.in_zero);
    const int32_t from_b = term(layer, 1, b, p->quantization.addend_zero);
    const int32_t sum = p->add.subtract ? from_a - from_b : from_a + from_b;
    return oracle_output(p, oracle_rescale(sum, layer->weights.multiplier[2], layer->weights.shift[2]));
}

/* The sum of two floats rounded once: f64 holds far more than twice the bits, so that rounding it again changes
 * nothing. */
static double float_sum(const struct assay_problem *p, double a, double b)
{
    const double sum = (double)(float)(p->add.subtract ? a - b : a + b);
    if (!assay_clamps(p) || isnan(sum))
        return sum;
    return fmin(fmax(sum, (double)assay_clamp_min(p)), (double)assay_clamp_max(p));
}

bool oracle_judge_add(const struct layer *layer, const void *out, struct window_grid grid,
                      struct oracle_verdict *verdict)
{
    const struct assay_problem *p = &layer->problem;
    const enum assay_type type = assay_problem_in_rows(p).type;
    for (size_t i = 0; grid.rows > 0 && i < grid.columns; i = window_next(i, grid.column_step, grid.columns)) {
        const double a = oracle_real(layer->io.in, type, i), b = oracle_real(layer->io.addend, type, i);
        const double right = assay_mode_is_integer(p->mode) ? integer_sum(layer, a, b) : float_sum(p, a, b);
        const double got = oracle_real(out, type, i);
        if (isnan(right) && assay_clamps(p))
            continue; /* NaN, or a value of the range */
        oracle_add_exact(verdict, 0, i, got, right, got == right || (isnan(got) && isnan(right)));
    }
    return true;
}
