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

/* Rows at `in`, length of them, in_stride apart, and where they go. */
struct rows_to_quantize {
    const float *in;
    size_t length, in_stride;
    int8_t *q;
    size_t q_stride;
    struct assay_row_quantization *rows;
};

/* `count` rows from `first` on, LANES at most; a row by itself is done otherwise. */
ASSAY_INLINE void find_quantizations(const struct rows_to_quantize *all, size_t first, size_t count,
                                     struct quantizations *q)
{
    const float *in = all->in + first * all->in_stride;
    vint least[FOURS], most[FOURS];
    if (count == 1)
        return;
    ASSAY_UNROLL
    for (size_t f = 0; f < FOURS; f++) {
        least[f] = vi_set1(INT32_MIN);
        most[f] = vi_zero();
        if (f * FOUR < count) {
            const float *row[FOUR];
            ASSAY_UNROLL
            for (size_t r = 0; r < FOUR; r++)
                row[r] = in + (f * FOUR + r < count ? f * FOUR + r : count - 1) * all->in_stride;
            range_of_four(row, all->length, &least[f], &most[f]);
        }
    }
    quantizations_of(vf_from_bits(vi_greatest_of_blocks(least, vi_max_unsigned)),
                     vf_from_bits(vi_greatest_of_blocks(most, vi_max)), q);
}

ASSAY_INLINE struct assay_row_quantization quantize_only_row(const float *x, size_t length, int8_t *q,
                                                             const enum quantized_as as)
{
    float min = 0.0f, max = 0.0f;
    row_range(x, length, &min, &max);
    const struct assay_row_quantization row = assay_row_quantization_of(min, max);
    const struct row_factors factors = row_factors_of(1.0f / row.scale, row.zero, as);
    quantize_row(x, length, &factors, q);
    return row;
}

ASSAY_INLINE void quantize_found(const struct rows_to_quantize *all, size_t first, size_t count,
                                 const struct quantizations *found, const enum quantized_as as)
{
    const float *in = all->in + first * all->in_stride;
    int8_t *q = all->q + first * all->q_stride;
    if (count == 1) {
        all->rows[first] = quantize_only_row(in, all->length, q, as);
        return;
    }
    for (size_t r = 0; r < count; r++) {
        struct row_factors factors = row_factors_of(found->inverse[r], found->zero[r], as);
        factors.ahead = count * all->in_stride * sizeof(*in);
        all->rows[first + r] = (struct assay_row_quantization){found->scale[r], found->zero[r]};
        quantize_row(in + r * all->in_stride, all->length, &factors, q + r * all->q_stride);
    }
}

/* As many rows together as half of a first-level cache of 32 KB holds, but four of them at least. Where it holds twice
 * as many, the next ones' ranges are found before these are quantized, so that the divisions are not waited for. */
ASSAY_INLINE void quantize_all_rows(const struct rows_to_quantize *all, size_t count, const enum quantized_as as)
{
    enum { HELD_BYTES = 16 * 1024 };
    const size_t fitting = HELD_BYTES / (all->length * sizeof(*all->in) + 1) / FOUR * FOUR;
    const size_t block = fitting < FOUR ? FOUR : assay_min(fitting, LANES), blocks = (count + block - 1) / block;
    const size_t behind = fitting >= 2 * LANES;
    struct quantizations found[2];
    for (size_t b = 0; b < blocks + behind; b++) {
        if (b < blocks)
            find_quantizations(all, b * block, assay_min(block, count - b * block), &found[b % 2]);
        if (b >= behind) {
            const size_t first = (b - behind) * block;
            quantize_found(all, first, assay_min(block, count - first), &found[(b - behind) % 2], as);
        }
    }
}

/* An assay_quantize_rows_fn. */
static inline void quantize_rows(const float *in, size_t count, size_t length, size_t in_stride, int8_t *q,
                                 struct assay_row_quantization *rows)
{
    quantize_all_rows(&(struct rows_to_quantize){in, length, in_stride, q, length, rows}, count, AS_SIGNED);
}

#endif
