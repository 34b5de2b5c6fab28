#include "suites/check/cases.h"

#include "kernels/core/caches.h"
#include "suites/check/cases_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

size_t cases_axis(size_t tile, size_t *values)
{
    const size_t wanted[] = {tile, tile + 1, 1, tile - 1, 2 * tile + 1, 7, 31};
    size_t count = 0;
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        bool known = wanted[i] == 0;
        for (size_t j = 0; j < count; j++)
            known = known || values[j] == wanted[i];
        if (!known)
            values[count++] = wanted[i];
    }
    return count;
}

size_t cases_pick(struct cases *cases, const size_t *values, size_t count)
{
    return values[data_below(&cases->random, count)];
}

static const char *activation_mark(enum assay_activation activation)
{
    static const char *const marks[] = {"", " relu", " relu6"};
    return marks[activation];
}

/* The end of every name: what does not depend on the operation. */
static void finish_name(struct cases *cases, struct layer_case *c, const struct layer_options *options,
                        bool small_caches)
{
    char tail[80], sparse[40] = "";
    static const char *const rows[] = {"", " emptyrow", " fullrow"};
    if (c->op == ASSAY_OP_SPMM)
        snprintf(sparse, sizeof(sparse), " sparsity%g%s", options->sparsity, rows[options->rows]);
    const int length = snprintf(tail, sizeof(tail), "%s%s%s%s %s #%u", sparse, activation_mark(c->activation),
                                options->no_bias ? " nobias" : "", small_caches ? " smallcaches" : "",
                                layer_values_name(options->values), cases->index);
    const size_t used = strlen(c->name), room = sizeof(c->name) - used;
    if (length > 0 && (size_t)length < room)
        memcpy(c->name + used, tail, (size_t)length + 1);
}

bool cases_emit(struct cases *cases, struct layer_case *c, enum layer_values values)
{
    static const double sparsities[] = {0.8, 0.5, 0.95, 0.0, 1.0};
    const unsigned i = cases->index;
    struct layer_options options = {
        .mode = cases->kernel->mode,
        .structure = cases->kernel->structure,
        .seed = data_next(&cases->random),
        .values = values,
        .no_bias = i % 4 == 3,
    };
    if (c->op == ASSAY_OP_SPMM) {
        options.sparsity = sparsities[i % 5];
        options.rows = (enum layer_rows)(i / 2 % 3);
    }
    /* With an activation NaN and infinity need not pass, and saturated values hide what they came from. */
    const bool bare = c->op == ASSAY_OP_QUANTIZE || values == VALUES_NAN || values == VALUES_INFINITY ||
                      values == VALUES_SHIFTS || values == VALUES_TIES || values == VALUES_CANCELLING;
    c->activation = bare ? ASSAY_ACT_NONE : (enum assay_activation)(i % 3);
    /* Drivers block by the caches, and a case is too small to fill real ones. */
    const struct assay_caches real = *assay_caches(), tiny = {.l1d = 1024, .l2 = 4096, .l3 = 8192};
    const bool small = i % 7 % 2 == 1; /* in step with nothing else that follows from the index */
    finish_name(cases, c, &options, small);
    cases->index++;
    assay_caches_set(small ? tiny : real);
    const bool go_on = cases->visit(cases->context, c, &options);
    assay_caches_set(real);
    return go_on;
}

bool cases_visit(const struct assay_kernel *kernel, enum cases_depth depth, uint64_t seed, cases_visit_fn *visit,
                 void *context)
{
    struct cases cases = {
        .kernel = kernel,
        .tile = assay_kernel_tile(kernel),
        .full = depth == CASES_FULL,
        .budget = depth == CASES_FULL ? 200000 : 12000,
        .random = data_random_of(seed, DATA_CHOICES),
        .visit = visit,
        .context = context,
    };
    switch (kernel->op) {
    case ASSAY_OP_CONV:
        return cases_conv(&cases);
    case ASSAY_OP_DWCONV:
        return cases_dwconv(&cases);
    case ASSAY_OP_QUANTIZE:
        return cases_quantize(&cases);
    case ASSAY_OP_ADD:
        return cases_add(&cases);
    default:
        return cases_gemm(&cases);
    }
}
