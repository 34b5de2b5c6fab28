/* What the generators of cases share (suites/check/cases.c), and the generators. */
#ifndef ASSAY_SUITES_CHECK_CASES_PARTS_H
#define ASSAY_SUITES_CHECK_CASES_PARTS_H

#include "suites/check/cases.h"
#include "suites/probe/data.h"

struct cases {
    const struct assay_kernel *kernel;
    struct assay_tile tile;
    bool full;
    uint64_t budget; /* multiply-accumulates of one case, about */
    struct data_random random;
    unsigned index; /* of the case: what is not a matter of shape (activation, bias, strides) follows from it */
    cases_visit_fn *visit;
    void *context;
};

/* Lengths around a tile's own: tile - 1, tile, tile + 1, 2 * tile + 1, 1, and primes; no 0, none twice. Returns how
 * many of `values` (room for 8) it set. */
enum { CASES_AXIS = 8 };
size_t cases_axis(size_t tile, size_t *values);
size_t cases_pick(struct cases *cases, const size_t *values, size_t count);

/* Completes a case, whose shape and beginning of a name are set, and visits it. */
bool cases_emit(struct cases *cases, struct layer_case *c, enum layer_values values);

bool cases_gemm(struct cases *cases); /* spmm as well */
bool cases_conv(struct cases *cases);
bool cases_dwconv(struct cases *cases);
bool cases_quantize(struct cases *cases);
bool cases_add(struct cases *cases);

#endif
