#include "suites/check/cases_parts.h"

#include <stdio.h>

static bool visit(struct cases *cases, size_t count, enum layer_values values)
{
    struct layer_case c = {.op = ASSAY_OP_ADD, .add = {count, cases->index % 5 == 4}};
    snprintf(c.name, sizeof(c.name), "%zu %s", count, c.add.subtract ? "sub" : "add");
    return cases_emit(cases, &c, values);
}

bool cases_add(struct cases *cases)
{
    const size_t widest = cases->tile.n, step = widest > 1 ? widest : 16;
    size_t counts[CASES_AXIS];
    const size_t axis = cases_axis(step, counts);
    for (unsigned i = 0; i < (cases->full ? 3 * axis : axis); i++)
        if (!visit(cases, counts[i % axis], VALUES_TYPICAL))
            return false;
    if (!visit(cases, 0, VALUES_TYPICAL))
        return false;
    /* Several of each: scales and zero points, which decide how sums round, are another each time. */
    for (int v = VALUES_TYPICAL + 1; v < VALUES_COUNT; v++)
        for (int i = 0; i < (cases->full ? 8 : 3); i++)
            if (layer_values_apply((enum layer_values)v, ASSAY_OP_ADD, cases->kernel->mode) &&
                !visit(cases, 8 * step + 1 + (size_t)i, (enum layer_values)v))
                return false;
    return true;
}
