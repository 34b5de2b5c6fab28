#include "kernels/quantize/row.h"

void assay_row_range(const float *x, size_t count, float *min, float *max)
{
    assay_fold_row_range(x, count, min, max);
}

void assay_row_quantize_all(const float *x, size_t count, struct assay_row_quantization row, int8_t *q)
{
    assay_quantize_row(x, count, row, q);
}

struct assay_row_quantization assay_rows_quantization(assay_row_range_fn *range, const float *in, size_t count,
                                                      size_t length, size_t in_stride)
{
    assay_row_range_fn *find_range = range ? range : assay_row_range;
    float min = 0.0f, max = 0.0f;
    if (in_stride == length) /* without gaps they are one long run */
        find_range(in, count * length, &min, &max);
    else
        for (size_t r = 0; r < count; r++)
            find_range(in + r * in_stride, length, &min, &max);
    return assay_row_quantization_of(min, max);
}

void assay_quantize_rows_as(assay_row_quantize_fn *quantize, const float *in, size_t count, size_t length,
                            size_t in_stride, struct assay_row_quantization row, int8_t *q)
{
    assay_row_quantize_fn *convert = quantize ? quantize : assay_row_quantize_all;
    if (in_stride == length)
        convert(in, count * length, row, q);
    else
        for (size_t r = 0; r < count; r++)
            convert(in + r * in_stride, length, row, q + r * length);
}

struct assay_row_quantization assay_quantize_rows(assay_row_range_fn *range, assay_row_quantize_fn *quantize,
                                                  const float *in, size_t count, size_t length, size_t in_stride,
                                                  int8_t *q)
{
    const struct assay_row_quantization row = assay_rows_quantization(range, in, count, length, in_stride);
    assay_quantize_rows_as(quantize, in, count, length, in_stride, row, q);
    return row;
}

void assay_quantize_each_row(assay_row_range_fn *range, assay_row_quantize_fn *quantize, const float *in, size_t count,
                             size_t length, size_t in_stride, int8_t *q, struct assay_row_quantization *rows)
{
    /* Several rows a stage: what a row waits for (its least element, three divisions) another one fills. No more of
     * them than the first-level cache keeps from one stage to the next. */
    enum { MOST = 16, BLOCK_BYTES = 16 * 1024 };
    assay_row_range_fn *find_range = range ? range : assay_row_range;
    assay_row_quantize_fn *convert = quantize ? quantize : assay_row_quantize_all;
    const size_t fitting = BLOCK_BYTES / (length * sizeof(*in) + 1);
    const size_t block = fitting < 1 ? 1 : fitting < MOST ? fitting : MOST;
    for (size_t first = 0; first < count; first += block) {
        const size_t end = count - first < block ? count : first + block;
        float min[MOST] = {0}, max[MOST] = {0};
        for (size_t r = first; r < end; r++)
            find_range(in + r * in_stride, length, &min[r - first], &max[r - first]);
        for (size_t r = first; r < end; r++)
            rows[r] = assay_row_quantization_of(min[r - first], max[r - first]);
        for (size_t r = first; r < end; r++)
            convert(in + r * in_stride, length, rows[r], q + r * length);
    }
}
