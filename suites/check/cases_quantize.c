#include "suites/check/cases_parts.h"

#include <stdio.h>

static struct layer_case shape(struct cases *cases, enum assay_conversion conversion, size_t rows, size_t columns)
{
    const size_t in_gaps[] = {0, 1, 5}, out_gaps[] = {3, 0, 1, 0};
    const unsigned i = cases->index;
    struct layer_case c = {.op = ASSAY_OP_QUANTIZE};
    c.quantize =
        (struct assay_quantize_shape){conversion, rows, columns, columns + in_gaps[i % 3], columns + out_gaps[i % 4]};
    snprintf(c.name, sizeof(c.name), "%s %zux%zu in+%zu out+%zu", assay_conversion_name(conversion), rows, columns,
             in_gaps[i % 3], out_gaps[i % 4]);
    return c;
}

static bool supports(const struct assay_kernel *kernel, enum assay_conversion conversion)
{
    if (assay_conversion_mode(conversion) != kernel->mode)
        return false;
    const struct assay_problem problem = {
        .op = ASSAY_OP_QUANTIZE,
        .mode = kernel->mode,
        .quantization = {.in_scale = 1.0f, .out_scale = 1.0f},
        .quantize = {conversion, 1, 1, 1, 1},
    };
    return !kernel->supports || !kernel->supports(kernel, &problem);
}

static bool visit_conversion(struct cases *cases, enum assay_conversion conversion)
{
    const struct assay_tile t = cases->tile;
    const size_t widest = t.n > t.k ? t.n : t.k, step = widest > 1 ? widest : 16;
    size_t columns[CASES_AXIS];
    const size_t count = cases_axis(step, columns);
    static const size_t rows[] = {1, 3, 5};
    for (unsigned i = 0; i < (cases->full ? 3 * count : count); i++) {
        struct layer_case c = shape(cases, conversion, rows[i % 3], columns[i % count]);
        if (!cases_emit(cases, &c, VALUES_TYPICAL))
            return false;
    }
    struct layer_case no_rows = shape(cases, conversion, 0, 7);
    if (!cases_emit(cases, &no_rows, VALUES_TYPICAL))
        return false;
    struct layer_case no_columns = shape(cases, conversion, 3, 0);
    if (!cases_emit(cases, &no_columns, VALUES_TYPICAL))
        return false;
    for (int v = VALUES_TYPICAL + 1; v < VALUES_COUNT; v++) {
        if (!layer_values_apply((enum layer_values)v, ASSAY_OP_QUANTIZE, cases->kernel->mode))
            continue;
        struct layer_case c = shape(cases, conversion, 3, 8 * step + 1);
        if (!cases_emit(cases, &c, (enum layer_values)v))
            return false;
    }
    return true;
}

bool cases_quantize(struct cases *cases)
{
    for (int conversion = 0; conversion < ASSAY_CONVERSION_COUNT; conversion++)
        if (supports(cases->kernel, (enum assay_conversion)conversion) &&
            !visit_conversion(cases, (enum assay_conversion)conversion))
            return false;
    return true;
}
