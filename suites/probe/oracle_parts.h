/* The oracle's parts, by the kind of numbers; suites/probe/oracle.c chooses. */
#ifndef ASSAY_SUITES_PROBE_ORACLE_PARTS_H
#define ASSAY_SUITES_PROBE_ORACLE_PARTS_H

#include "suites/probe/oracle.h"
#include "suites/probe/window.h"

#include <stdarg.h>

/* Each false only for lack of memory; the verdict is filled in but for `metric` and `bound`. */
bool oracle_judge_float(const struct layer *layer, enum assay_accumulator accumulator, const void *out,
                        struct window_grid grid, struct oracle_verdict *verdict);
bool oracle_judge_hybrid(const struct layer *layer, const void *out, struct window_grid grid,
                         struct oracle_verdict *verdict);
bool oracle_judge_integer(const struct layer *layer, const void *out, struct window_grid grid,
                          struct oracle_verdict *verdict);
bool oracle_judge_quantize(const struct layer *layer, const void *out,
                           const struct assay_row_quantization *row_parameters, struct window_grid grid,
                           struct oracle_verdict *verdict);

bool oracle_judge_add(const struct layer *layer, const void *out, struct window_grid grid,
                      struct oracle_verdict *verdict);

/* One float element. value grows to its error over its bound; the first beyond 1 gives the message. */
void oracle_add_float(struct oracle_verdict *verdict, size_t row, size_t column, double got, double exact,
                      double bound);
/* One element that must be equal. */
void oracle_add_exact(struct oracle_verdict *verdict, size_t row, size_t column, double got, double expected,
                      bool equal);

/* A row quantized as kernels/quantize/dynamic.h says, by code of the oracle's own. */
struct oracle_row {
    bool specified; /* all inputs are finite, and at most FLT_MAX / 2 */
    float scale;
    int32_t zero;
};
/* Of `rows` rows of `columns` floats, `stride` apart, quantized as one. */
struct oracle_row oracle_row_of(const float *x, size_t rows, size_t columns, size_t stride);
int32_t oracle_row_quantize(struct oracle_row row, float x);

/* The rescales of kernels/core/fixed_point.h, from their text. */
int32_t oracle_rescale(int32_t x, int32_t multiplier, int32_t shift);
int32_t oracle_rescale64(int64_t x, int32_t multiplier, int32_t shift);
/* output = clamp(rescaled + zero) of an integer layer. */
int32_t oracle_output(const struct assay_problem *problem, int32_t rescaled);

/* Element `index` of an array of floats or halves. */
double oracle_real(const void *array, enum assay_type type, size_t index);

#endif
