/* The two passes of the dynamic quantization of a row (kernels/quantize/dynamic.h) as loops that vectorize at the flags
 * of whoever includes them. */
#ifndef ASSAY_KERNELS_QUANTIZE_ROW_H
#define ASSAY_KERNELS_QUANTIZE_ROW_H

#include "kernels/quantize/dynamic.h"

/* An assay_row_range_fn. A minimum for each of several lanes, folded at the end: a compiler may not reorder the
 * comparisons of a single one, because of NaN. */
static inline void assay_fold_row_range(const float *x, size_t count, float *min, float *max)
{
    enum { LANES = 16 };
    float low[LANES], high[LANES];
    for (size_t lane = 0; lane < LANES; lane++) {
        low[lane] = *min;
        high[lane] = *max;
    }
    size_t i = 0;
    for (; count - i >= LANES; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            low[lane] = x[i + lane] < low[lane] ? x[i + lane] : low[lane];
            high[lane] = x[i + lane] > high[lane] ? x[i + lane] : high[lane];
        }
    }
    for (size_t lane = 0; i < count; i++, lane++) {
        low[lane] = x[i] < low[lane] ? x[i] : low[lane];
        high[lane] = x[i] > high[lane] ? x[i] : high[lane];
    }
    for (size_t lane = 0; lane < LANES; lane++) {
        *min = low[lane] < *min ? low[lane] : *min;
        *max = high[lane] > *max ? high[lane] : *max;
    }
}

/* An assay_row_quantize_fn. */
static inline void assay_quantize_row(const float *x, size_t count, struct assay_row_quantization row, int8_t *q)
{
    const float inverse_scale = 1.0f / row.scale;
    for (size_t i = 0; i < count; i++)
        q[i] = assay_row_quantize(x[i], inverse_scale, row.zero);
}

#endif
