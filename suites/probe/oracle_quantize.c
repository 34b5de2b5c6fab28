/* Conversions: each output is one exact value. */
#include "suites/probe/half.h"
#include "suites/probe/oracle_parts.h"

#include <math.h>
#include <string.h>

static uint64_t bits_of(const void *array, enum assay_type type, size_t index)
{
    const size_t size = assay_type_size(type);
    uint64_t bits = 0;
    memcpy(&bits, (const char *)array + index * size, size); /* the targets are all little-endian */
    return bits;
}

static double value_of(uint64_t bits, enum assay_type type)
{
    const uint32_t low = (uint32_t)bits;
    float value;
    memcpy(&value, &low, sizeof(value));
    switch (type) {
    case ASSAY_F32:
        return (double)value;
    case ASSAY_F16:
        return (double)half_to_float((uint16_t)bits);
    case ASSAY_I8:
        return (int8_t)(uint8_t)bits;
    default:
        return (int16_t)(uint16_t)bits;
    }
}

static uint64_t bits_of_float(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

/* The element that the contract demands, as bits of the output's type; false where it leaves the value open. */
static bool expected_bits(const struct layer *layer, struct oracle_row row, size_t index, uint64_t *bits)
{
    const struct assay_problem *p = &layer->problem;
    const struct assay_quantization *q = &p->quantization;
    const enum assay_conversion conversion = p->quantize.conversion;
    const enum assay_type in = assay_conversion_input(conversion), out = assay_conversion_output(conversion);
    const double low = out == ASSAY_I16 ? -32768.0 : -128.0, high = -low - 1.0;
    const double x = oracle_real(layer->io.in, in, index);
    double integer;
    switch (conversion) {
    case ASSAY_F32_I8:
    case ASSAY_F32_I16: {
        const float quotient = (float)x / q->out_scale;
        integer = (double)roundf(quotient) + (double)q->out_zero;
        if (isnan(x))
            return false;
        break;
    }
    case ASSAY_ROW_F32_I8:
        if (!row.specified)
            return false;
        integer = oracle_row_quantize(row, (float)x);
        break;
    case ASSAY_I8_I8:
    case ASSAY_I16_I16:
        integer =
            (double)oracle_rescale((int32_t)x - q->in_zero, layer->weights.multiplier[0], layer->weights.shift[0]) +
            (double)q->out_zero;
        break;
    case ASSAY_F32_F16:
        *bits = half_from_float((float)x);
        return true;
    case ASSAY_F16_F32:
        *bits = bits_of_float((float)x);
        return true;
    default:
        *bits = bits_of_float(q->in_scale * (float)((int32_t)x - q->in_zero));
        return true;
    }
    const int64_t clamped = (int64_t)fmin(fmax(integer, low), high);
    *bits = (uint64_t)clamped & (out == ASSAY_I16 ? 0xFFFF : 0xFF);
    return true;
}

static void judge_parameters(struct oracle_row row, const struct assay_row_quantization *got, size_t r,
                             struct oracle_verdict *verdict)
{
    if (!row.specified)
        return;
    oracle_add_exact(verdict, r, 0, (double)got->scale, (double)row.scale,
                     bits_of_float(got->scale) == bits_of_float(row.scale));
    oracle_add_exact(verdict, r, 0, got->zero, row.zero, got->zero == row.zero);
}

bool oracle_judge_quantize(const struct layer *layer, const void *out,
                           const struct assay_row_quantization *row_parameters, struct window_grid grid,
                           struct oracle_verdict *verdict)
{
    const struct assay_problem *p = &layer->problem;
    const struct assay_rows in = assay_problem_in_rows(p), rows = assay_problem_out_rows(p);
    const bool dynamic = p->quantize.conversion == ASSAY_ROW_F32_I8;
    for (size_t r = 0; r < grid.rows; r = window_next(r, grid.row_step, grid.rows)) {
        struct oracle_row row = {.specified = false};
        if (dynamic) {
            row = oracle_row_of((const float *)layer->io.in + r * in.stride, 1, in.columns, 0);
            judge_parameters(row, &row_parameters[r], r, verdict);
        }
        for (size_t c = 0; c < grid.columns; c = window_next(c, grid.column_step, grid.columns)) {
            uint64_t expected;
            if (!expected_bits(layer, row, r * in.stride + c, &expected))
                continue;
            const size_t index = r * rows.stride + c;
            const uint64_t got = bits_of(out, rows.type, index);
            const double value = oracle_real(out, rows.type, index);
            const double right = value_of(expected, rows.type);
            oracle_add_exact(verdict, r, c, value, right, got == expected || (isnan(value) && isnan(right)));
        }
    }
    return true;
}
