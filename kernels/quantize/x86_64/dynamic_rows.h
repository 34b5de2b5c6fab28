/* Dynamic quantization of many rows, each by itself, to the bit as kernels/quantize/dynamic.h defines it.
 *
 * What a row waits for is its range, which is known when its last element is compared across all lanes, and three
 * divisions after that: a hundred cycles, whatever its length. So rows go through the stages together, as many as a
 * vector has lanes: four at a time are read and compared, four partial minima become one vector of four each, and in
 * the end there is one vector of all rows' minima, and one of their maxima, from which vectors of scales and zeros
 * follow. Then each row is quantized by its own, with its elements still in the first-level cache. */
#ifndef ASSAY_KERNELS_QUANTIZE_X86_64_DYNAMIC_ROWS_H
#define ASSAY_KERNELS_QUANTIZE_X86_64_DYNAMIC_ROWS_H

#include "kernels/quantize/x86_64/dynamic.h"

enum { FOUR = 4, FOURS = LANES / FOUR };

/* Of 4 vectors to one: in each 128 bits, the greatest of each vector's elements in the same 128 bits, side by side. */
ASSAY_INLINE vint greatest_of_four(const vint *x, vi_greater_fn *const greater)
{
    const vint a = greater(vi_interleave_low_32(x[0], x[1]), vi_interleave_high_32(x[0], x[1]));
    const vint b = greater(vi_interleave_low_32(x[2], x[3]), vi_interleave_high_32(x[2], x[3]));
    return greater(vi_interleave_low_64(a, b), vi_interleave_high_64(a, b));
}

/* By what row_range() is made of: `least` are the greatest of unsigned, `most` of signed integers. */
ASSAY_INLINE void range_of_four(const float *const *row, size_t count, vint *least, vint *most)
{
    vint low[FOUR], high[FOUR];
    ASSAY_UNROLL
    for (size_t r = 0; r < FOUR; r++) {
        low[r] = vi_set1(INT32_MIN); /* -0 */
        high[r] = vi_zero();
    }
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        ASSAY_UNROLL
        for (size_t r = 0; r < FOUR; r++) {
            const vint y = vi_load(row[r] + i);
            low[r] = vi_max_unsigned(low[r], y);
            high[r] = vi_max(high[r], y);
        }
    }
    if (i < count) {
        ASSAY_UNROLL
        for (size_t r = 0; r < FOUR; r++) {
            const vint y = vi_from_float_bits(vf_load_part(row[r] + i, count - i));
            low[r] = vi_max_unsigned(low[r], y);
            high[r] = vi_max(high[r], y);
        }
    }
    *least = greatest_of_four(low, vi_max_unsigned);
    *most = greatest_of_four(high, vi_max);
}

/* Of LANES rows. */
struct quantizations {
    float scale[LANES], inverse[LANES];
    int32_t zero[LANES];
};

/* assay_row_quantization_of() in each lane. */
ASSAY_INLINE void quantizations_of(vfloat min, vfloat max, struct quantizations *q)
{
    const vfloat range = (max - min) / vf_set1(255.0f);
    const vint valid = (vint)((range >= vf_set1(FLT_MIN)) & (range <= vf_set1(FLT_MAX)));
    const vfloat scale =
        vf_from_bits((valid & vi_from_float_bits(range)) | (~valid & vi_from_float_bits(vf_set1(1.0f))));
    const vint zero = vf_round(vf_set1(-128.0f) - min / scale);
    vf_store(q->scale, scale);
    vf_store(q->inverse, vf_set1(1.0f) / scale);
    vi_store(q->zero, vi_min(vi_max(zero, vi_set1(-128)), vi_set1(127)) & valid);
}

ASSAY_INLINE void quantize_block(const float *in, size_t count, size_t length, size_t in_stride, int8_t *q,
                                 size_t q_stride, const uint32_t flip, struct assay_row_quantization *rows)
{
    vint least[FOURS], most[FOURS];
    ASSAY_UNROLL
    for (size_t f = 0; f < FOURS; f++) {
        least[f] = vi_set1(INT32_MIN);
        most[f] = vi_zero();
        if (f * FOUR < count) {
            const float *row[FOUR];
            ASSAY_UNROLL
            for (size_t r = 0; r < FOUR; r++)
                row[r] = in + (f * FOUR + r < count ? f * FOUR + r : count - 1) * in_stride;
            range_of_four(row, length, &least[f], &most[f]);
        }
    }
    struct quantizations all;
    quantizations_of(vf_from_bits(vi_greatest_of_blocks(least, vi_max_unsigned)),
                     vf_from_bits(vi_greatest_of_blocks(most, vi_max)), &all);
    for (size_t r = 0; r < count; r++) {
        struct row_factors factors = row_factors_of(all.inverse[r], all.zero[r], flip);
        factors.ahead = count * in_stride * sizeof(*in);
        rows[r] = (struct assay_row_quantization){all.scale[r], all.zero[r]};
        quantize_row(in + r * in_stride, length, &factors, q + r * q_stride);
    }
}

ASSAY_INLINE struct assay_row_quantization quantize_only_row(const float *x, size_t length, int8_t *q,
                                                             const uint32_t flip)
{
    float min = 0.0f, max = 0.0f;
    row_range(x, length, &min, &max);
    const struct assay_row_quantization row = assay_row_quantization_of(min, max);
    const struct row_factors factors = row_factors_of(1.0f / row.scale, row.zero, flip);
    quantize_row(x, length, &factors, q);
    return row;
}

/* As many rows together as a quarter of a first-level cache of 32 KB holds, but four of them at least. */
ASSAY_INLINE void quantize_all_rows(const float *in, size_t count, size_t length, size_t in_stride, int8_t *q,
                                    size_t q_stride, const uint32_t flip, struct assay_row_quantization *rows)
{
    enum { BLOCK_BYTES = 16 * 1024 };
    const size_t fitting = BLOCK_BYTES / (length * sizeof(*in) + 1) / FOUR * FOUR;
    const size_t block = fitting < FOUR ? FOUR : fitting < LANES ? fitting : LANES;
    for (size_t r = 0; r < count; r += block) {
        if (count - r == 1)
            rows[r] = quantize_only_row(in + r * in_stride, length, q + r * q_stride, flip);
        else
            quantize_block(in + r * in_stride, count - r < block ? count - r : block, length, in_stride,
                           q + r * q_stride, q_stride, flip, rows + r);
    }
}

/* An assay_quantize_rows_fn. */
static inline void quantize_rows(const float *in, size_t count, size_t length, size_t in_stride, int8_t *q,
                                 struct assay_row_quantization *rows)
{
    quantize_all_rows(in, count, length, in_stride, q, length, AS_SIGNED, rows);
}

#endif
