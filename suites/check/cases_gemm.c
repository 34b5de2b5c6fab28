/* gemm and spmm. */
#include "suites/check/cases_parts.h"

#include <stdio.h>

/* Rows that share a range: none, one image, some that end within a tile or beyond it. */
static size_t shared_rows(const struct cases *cases, size_t m)
{
    const size_t shared[] = {0, m, cases->index % 7 + 1, cases->tile.m + 3};
    const bool shares = cases->kernel->op == ASSAY_OP_SPMM && cases->kernel->mode == ASSAY_MODE_HYBRID;
    return shares ? shared[(cases->index + cases->index / 4) % 4] : 0;
}

static bool emit(struct cases *cases, size_t m, size_t n, size_t k, enum layer_values values)
{
    const size_t in_gaps[] = {0, 1, 5}, out_gaps[] = {3, 0, 1, 0};
    const unsigned i = cases->index;
    struct layer_case c = {.op = cases->kernel->op};
    c.gemm = (struct assay_gemm_shape){m, n, k, k + in_gaps[i % 3], n + out_gaps[i % 4], shared_rows(cases, m)};
    char range[24] = "";
    if (c.gemm.range_rows > 0)
        snprintf(range, sizeof(range), " range%zu", c.gemm.range_rows);
    snprintf(c.name, sizeof(c.name), "m%zu n%zu k%zu in+%zu out+%zu%s", m, n, k, in_gaps[i % 3], out_gaps[i % 4],
             range);
    return cases_emit(cases, &c, values);
}

/* Cuts what may be cut until the case is small enough to be tried often: first the depth, then the rows. */
static bool emit_within(struct cases *cases, size_t m, size_t n, size_t k, enum layer_values values)
{
    const size_t least_k = assay_min(k, 2 * cases->tile.k + 1);
    if ((uint64_t)m * n * k > cases->budget) {
        const size_t fitting = (size_t)(cases->budget / (m * n));
        k = fitting > least_k ? fitting : least_k;
    }
    while ((uint64_t)m * n * k > cases->budget && m > cases->tile.m + 1)
        m--;
    return emit(cases, m, n, k, values);
}

/* Every length of every axis in some case, in a random order of each. */
static bool emit_shapes(struct cases *cases)
{
    size_t m[CASES_AXIS], n[CASES_AXIS], k[CASES_AXIS];
    const size_t ms = cases_axis(cases->tile.m, m), ns = cases_axis(cases->tile.n, n);
    const size_t ks = cases_axis(cases->tile.k, k);
    const unsigned count = cases->full ? 42 : 7;
    for (unsigned i = 0; i < count; i++) {
        const size_t round = i / 7; /* another pairing in each round */
        if (!emit_within(cases, m[i % ms], n[(i * 2 + round) % ns], k[(i * 3 + 2 * round) % ks], VALUES_TYPICAL))
            return false;
    }
    return true;
}

bool cases_gemm(struct cases *cases)
{
    const struct assay_tile t = cases->tile;
    if (!emit_shapes(cases) || !emit(cases, 0, t.n + 1, 5, VALUES_TYPICAL) ||
        !emit(cases, t.m + 1, 0, 5, VALUES_TYPICAL) || !emit(cases, t.m + 1, t.n + 1, 0, VALUES_TYPICAL))
        return false;
    /* Sums that 32 bits do not hold, and that kernels move out of them more than once. */
    if (cases->kernel->mode == ASSAY_MODE_INT16X8 && !emit(cases, 3, t.n + 1, 1100, VALUES_EXTREME))
        return false;
    for (int v = VALUES_TYPICAL + 1; v < VALUES_COUNT; v++) {
        if (!layer_values_apply((enum layer_values)v, cases->kernel->op, cases->kernel->mode))
            continue;
        if (!emit_within(cases, t.m + 1, t.n + 1, 2 * t.k + 17, (enum layer_values)v))
            return false;
        if (cases->full && !emit_within(cases, 3, 2 * t.n - 1, 61, (enum layer_values)v))
            return false;
    }
    return true;
}
