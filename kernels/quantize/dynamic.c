#include "kernels/quantize/dynamic.h"

void assay_row_range(const float *x, size_t count, float *min, float *max)
{
    float low = *min, high = *max;
    for (size_t i = 0; i < count; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    *min = low;
    *max = high;
}

void assay_row_quantize_all(const float *x, size_t count, struct assay_row_quantization row, int8_t *q)
{
    const float inverse_scale = 1.0f / row.scale;
    for (size_t i = 0; i < count; i++)
        q[i] = assay_row_quantize(x[i], inverse_scale, row.zero);
}
