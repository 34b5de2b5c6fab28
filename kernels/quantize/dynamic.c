#include "kernels/quantize/row.h"

void assay_row_range(const float *x, size_t count, float *min, float *max)
{
    assay_fold_row_range(x, count, min, max);
}

void assay_row_quantize_all(const float *x, size_t count, struct assay_row_quantization row, int8_t *q)
{
    assay_quantize_row(x, count, row, q);
}

struct assay_row_quantization assay_quantize_rows(assay_row_range_fn *range, assay_row_quantize_fn *quantize,
                                                  const float *in, size_t count, size_t length, size_t in_stride,
                                                  int8_t *q)
{
    assay_row_range_fn *find_range = range ? range : assay_row_range;
    assay_row_quantize_fn *convert = quantize ? quantize : assay_row_quantize_all;
    if (in_stride == length) { /* without gaps they are one long run */
        length *= count;
        in_stride = length;
        count = count > 0;
    }
    float min = 0.0f, max = 0.0f;
    for (size_t r = 0; r < count; r++)
        find_range(in + r * in_stride, length, &min, &max);
    const struct assay_row_quantization row = assay_row_quantization_of(min, max);
    for (size_t r = 0; r < count; r++)
        convert(in + r * in_stride, length, row, q + r * length);
    return row;
}
