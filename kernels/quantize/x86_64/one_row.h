/* Dynamic quantization of one row by itself to unsigned bytes, q + 128, of the q that kernels/quantize/dynamic.h
 * defines to the bit; AVX-512. Where there is no other row to fill the time, what follows waits for the chain from the
 * last element to the first byte: so the least and the greatest element are folded across the lanes together, one
 * division makes both quotients by the scale, and all stays in vectors. */
#ifndef ASSAY_KERNELS_QUANTIZE_X86_64_ONE_ROW_H
#define ASSAY_KERNELS_QUANTIZE_X86_64_ONE_ROW_H

#include "kernels/quantize/x86_64/dynamic.h"

/* In all lanes. */
struct found_row {
    vfloat scale, inverse;
    vint zero;
};

/* Partial ranges, as row_range() has them: `low` greatest of unsigned, `high` of signed integers. */
struct partial_range {
    vint low[QUANTIZE_VECTORS], high[QUANTIZE_VECTORS];
};

/* Of 16 signed integers the greatest among those a multiple of 4 lanes apart. */
ASSAY_INLINE __m128i greatest_of_fours(vint x)
{
    const __m256i half = _mm256_max_epi32(_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64(x, 1));
    return _mm_max_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

/* assay_row_quantization_of(). Even lanes are of the greatest element, and then of the inverse; odd lanes of the least,
 * whose sign is flipped, and then of the zero point, which needs no clamp: where the scale is valid, -min / scale is
 * from 0 to 255 and the last bit's rounding. */
ASSAY_INLINE struct found_row found_row_of(vint least, vint most)
{
    enum { SWAP_PAIRS = 0x4E, SWAP_NEIGHBOURS = 0xB1, EVEN = 0x5, SECOND = 1 };
    const __m128i high = greatest_of_fours(most), low = greatest_of_fours(vi_xor(least, vi_set1(INT32_MIN)));
    const __m128i pairs = _mm_max_epi32(_mm_unpacklo_epi32(high, low), _mm_unpackhi_epi32(high, low));
    const __m128 ends = _mm_castsi128_ps(_mm_max_epi32(pairs, _mm_shuffle_epi32(pairs, SWAP_PAIRS)));
    const __m128 one = _mm_set1_ps(1.0f);
    const __m128 scale = (ends + _mm_shuffle_ps(ends, ends, SWAP_NEIGHBOURS)) / _mm_set1_ps(255.0f);
    const __m128 valid =
        _mm_and_ps(_mm_cmpge_ps(scale, _mm_set1_ps(FLT_MIN)), _mm_cmple_ps(scale, _mm_set1_ps(FLT_MAX)));
    const __m128 quotients = _mm_blend_ps(ends, one, EVEN) / scale;
    const __m128i zero = _mm_and_si128(_mm_cvtps_epi32(quotients - _mm_set1_ps(128.0f)), _mm_castps_si128(valid));
    return (struct found_row){.scale = _mm512_broadcastss_ps(_mm_blendv_ps(one, scale, valid)),
                              .inverse = _mm512_broadcastss_ps(_mm_blendv_ps(one, quotients, valid)),
                              .zero = _mm512_broadcastd_epi32(_mm_shuffle_epi32(zero, SECOND))};
}

/* A row of LANES elements at most: each of `steps` is the bytes of 4 of them in all its lanes. Narrowed with nothing
 * but itself, a vector of 16 has those of each 128 bits four times there. */
ASSAY_INLINE struct found_row quantize_short_row(const float *x, size_t count, vint *steps)
{
    const vfloat y = vf_load_part(x, count);
    const vint bits = vi_from_float_bits(y);
    const struct found_row row = found_row_of(vi_max_unsigned(bits, vi_set1(INT32_MIN)), vi_max(bits, vi_zero()));
    const vint zero = _mm512_broadcastw_epi16(_mm512_castsi512_si128(vi_add(row.zero, vi_set1(128))));
    const vint rounded = vf_round(vf_mul(y, row.inverse));
    const vint words = _mm512_add_epi16(_mm512_packs_epi32(rounded, rounded), zero);
    const vint bytes = _mm512_packus_epi16(words, words);
    steps[0] = _mm512_shuffle_i32x4(bytes, bytes, 0x00);
    steps[1] = _mm512_shuffle_i32x4(bytes, bytes, 0x55);
    steps[2] = _mm512_shuffle_i32x4(bytes, bytes, 0xAA);
    steps[3] = _mm512_shuffle_i32x4(bytes, bytes, 0xFF);
    return row;
}

/* Of QUANTIZE_STEP elements the first `count`, all of them at most; nothing beyond is read. */
ASSAY_INLINE void load_step(const float *x, size_t count, vfloat *y)
{
    ASSAY_UNROLL
    for (size_t j = 0; j < QUANTIZE_VECTORS; j++)
        y[j] = j * LANES < count ? vf_load_part(x + j * LANES, count - j * LANES) : vf_zero();
}

ASSAY_INLINE void fold_step(const vfloat *y, struct partial_range *range)
{
    ASSAY_UNROLL
    for (size_t j = 0; j < QUANTIZE_VECTORS; j++) {
        const vint bits = vi_from_float_bits(y[j]);
        range->low[j] = vi_max_unsigned(range->low[j], bits);
        range->high[j] = vi_max(range->high[j], bits);
    }
}

/* `room` is filled up to a whole QUANTIZE_STEP of bytes. `next` is what will be read after this, STEP_LINES lines for
 * each step at least: they are fetched while the ports for loads have little to do. */
ASSAY_INLINE struct found_row quantize_whole_row(const float *x, size_t count, char *room, const char *next)
{
    enum { STEP_LINES = 8, LINE = 64 };
    const size_t whole = count / QUANTIZE_STEP * QUANTIZE_STEP;
    struct partial_range range;
    ASSAY_UNROLL
    for (size_t j = 0; j < QUANTIZE_VECTORS; j++) {
        range.low[j] = vi_set1(INT32_MIN); /* -0 */
        range.high[j] = vi_zero();
    }
    vfloat y[QUANTIZE_VECTORS], last[QUANTIZE_VECTORS];
    load_step(x + whole, count - whole, last);
    fold_step(last, &range);
    for (size_t i = 0; i < whole; i += QUANTIZE_STEP) {
        load_step(x + i, QUANTIZE_STEP, y);
        fold_step(y, &range);
    }
    const vint *low = range.low, *high = range.high;
    const struct found_row row =
        found_row_of(vi_max_unsigned(vi_max_unsigned(low[0], low[1]), vi_max_unsigned(low[2], low[3])),
                     vi_max(vi_max(high[0], high[1]), vi_max(high[2], high[3])));
    const struct row_factors factors = {
        .inverse_scale = row.inverse,
        .zero = _mm512_broadcastw_epi16(_mm512_castsi512_si128(vi_add(row.zero, vi_set1(128)))),
        .as = AS_UNSIGNED};
    for (size_t i = 0; i < whole; i += QUANTIZE_STEP) {
        for (size_t j = 0; j < STEP_LINES; j++)
            __builtin_prefetch(next + (i / QUANTIZE_STEP * STEP_LINES + j) * LINE);
        load_step(x + i, QUANTIZE_STEP, y);
        vi_store(room + i, quantized(y, QUANTIZE_VECTORS, &factors));
    }
    if (whole < count)
        vi_store(room + whole, quantized(last, QUANTIZE_VECTORS, &factors));
    return row;
}

#endif
