/* The int32 rescale of layers whose sums are bounded (struct assay_columns), exact to the bit of assay_rescale(), and
 * the narrowing of its results to int8: 11 operations for LANES results, where those that hold for any sum and shift
 * take 27.
 *
 * With right = -shift >= 1 the two roundings of kernels/core/fixed_point.h are one:
 *   b      = floor((x * multiplier + 2^30) / 2^31)
 *   result = floor((b + 2^(right - 1) - (b < 0)) / 2^right)        nearest, ties away from zero
 * and there x < 0 may stand for b < 0: where they differ, b is 0, and the result is 0 either way. A vector multiplies
 * unsigned 32-bit numbers to 64 bits, so x comes as x + 2^31, as the bias of the sums brings it for free:
 *   (x + 2^31) * (2 * multiplier) + 2^31 = 2^32 * multiplier + 2 * (x * multiplier + 2^30)
 * has multiplier + b in its high half. What else is to be added there is a constant of the column, but for one bit, the
 * sign of x. For |x| <= 2^29 nothing leaves 32 bits: |b| <= 2^29, and 2^(right - 1) <= 2^30. */
#ifndef ASSAY_KERNELS_CORE_X86_64_RESCALE_H
#define ASSAY_KERNELS_CORE_X86_64_RESCALE_H

#include "kernels/core/x86_64/simd.h"

/* Of LANES columns: for the lanes with an even and with an odd number. `right`: where shifts by lane are missing
 * (SSE4.1), the power of two that stands for it. */
struct rescaler {
    vint even_factor, odd_factor, even_term, odd_term, right;
};

#ifdef __AVX512F__
ASSAY_INLINE struct rescaler rescaler_of(const int32_t *multiplier, const int32_t *shift)
{
    const vint m = vi_load(multiplier), one = vi_set1(1);
    const vint right = vi_sub(vi_zero(), vi_load(shift)), half = _mm512_sllv_epi32(one, vi_sub(right, one));
    const vint term = vi_sub(vi_sub(half, one), m), low = _mm512_set1_epi64(INT64_C(1) << 31);
    const vint factor = vi_add(m, m);
    return (struct rescaler){
        .even_factor = factor,
        .odd_factor = _mm512_srli_epi64(factor, 32),
        .even_term = _mm512_or_si512(_mm512_slli_epi64(term, 32), low),
        .odd_term = _mm512_mask_blend_epi32(0xAAAA, low, term),
        .right = right,
    };
}

/* x: sums + 2^31 */
ASSAY_INLINE vint rescale_bounded(vint x, const struct rescaler *r)
{
    const vint even = _mm512_add_epi64(_mm512_mul_epu32(x, r->even_factor), r->even_term);
    const vint odd = _mm512_add_epi64(_mm512_mul_epu32(_mm512_srli_epi64(x, 32), r->odd_factor), r->odd_term);
    const vint high = _mm512_mask_shuffle_epi32(odd, 0x5555, even, _MM_PERM_DDBB);
    return _mm512_srav_epi32(vi_add(high, _mm512_srli_epi32(x, 31)), r->right);
}

/* clamp(x + zero, min, max) of four vectors as bytes, those of each vector together. Saturation on the way changes
 * nothing, as zero, min and max are of int8. */
ASSAY_INLINE vint narrow4(const vint *x, int32_t zero, int32_t min, int32_t max)
{
    const vint offset = _mm512_set1_epi16((int16_t)zero);
    const vint low = _mm512_adds_epi16(_mm512_packs_epi32(x[0], x[1]), offset);
    const vint high = _mm512_adds_epi16(_mm512_packs_epi32(x[2], x[3]), offset);
    vint bytes = _mm512_packs_epi16(low, high);
    bytes = _mm512_min_epi8(_mm512_max_epi8(bytes, _mm512_set1_epi8((int8_t)min)), _mm512_set1_epi8((int8_t)max));
    return _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), bytes);
}

/* What narrow4 returned is stored in shares of `vectors` vectors, 1, 2 or 4: the first `count` bytes of share `index`,
 * or all of it if it has no more. */
ASSAY_INLINE void store_share(int8_t *to, size_t count, vint bytes, const size_t index, const size_t vectors)
{
    if (vectors == 4) {
        if (count >= 4 * LANES)
            _mm512_storeu_si512(to, bytes);
        else
            _mm512_mask_storeu_epi8(to, ((uint64_t)1 << count) - 1, bytes);
    } else if (vectors == 2) {
        const __m256i half = index ? _mm512_extracti64x4_epi64(bytes, 1) : _mm512_castsi512_si256(bytes);
        if (count >= 2 * LANES)
            _mm256_storeu_si256((__m256i *)(void *)to, half);
        else
            _mm256_mask_storeu_epi8(to, (__mmask32)(((uint64_t)1 << count) - 1), half);
    } else {
        const __m128i quarter = index == 0   ? _mm512_castsi512_si128(bytes)
                                : index == 1 ? _mm512_extracti32x4_epi32(bytes, 1)
                                : index == 2 ? _mm512_extracti32x4_epi32(bytes, 2)
                                             : _mm512_extracti32x4_epi32(bytes, 3);
        if (count >= LANES)
            _mm_storeu_si128((__m128i *)(void *)to, quarter);
        else
            _mm_mask_storeu_epi8(to, first_lanes(count), quarter);
    }
}
#elif defined(__AVX2__)
ASSAY_INLINE struct rescaler rescaler_of(const int32_t *multiplier, const int32_t *shift)
{
    const vint m = vi_load(multiplier), one = vi_set1(1);
    const vint right = vi_sub(vi_zero(), vi_load(shift)), half = _mm256_sllv_epi32(one, vi_sub(right, one));
    const vint term = vi_sub(vi_sub(half, one), m), low = _mm256_set1_epi64x(INT64_C(1) << 31);
    const vint factor = vi_add(m, m);
    return (struct rescaler){
        .even_factor = factor,
        .odd_factor = _mm256_srli_epi64(factor, 32),
        .even_term = _mm256_or_si256(_mm256_slli_epi64(term, 32), low),
        .odd_term = _mm256_blend_epi32(low, term, 0xAA),
        .right = right,
    };
}

/* x: sums + 2^31 */
ASSAY_INLINE vint rescale_bounded(vint x, const struct rescaler *r)
{
    const vint even = _mm256_add_epi64(_mm256_mul_epu32(x, r->even_factor), r->even_term);
    const vint odd = _mm256_add_epi64(_mm256_mul_epu32(_mm256_srli_epi64(x, 32), r->odd_factor), r->odd_term);
    const vint high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xAA);
    return _mm256_srav_epi32(vi_add(high, _mm256_srli_epi32(x, 31)), r->right);
}

/* clamp(x + zero, min, max) of four vectors as bytes, those of each vector together. Saturation on the way changes
 * nothing, as zero, min and max are of int8. */
ASSAY_INLINE vint narrow4(const vint *x, int32_t zero, int32_t min, int32_t max)
{
    const vint offset = _mm256_set1_epi16((int16_t)zero);
    const vint low = _mm256_adds_epi16(_mm256_packs_epi32(x[0], x[1]), offset);
    const vint high = _mm256_adds_epi16(_mm256_packs_epi32(x[2], x[3]), offset);
    vint bytes = _mm256_packs_epi16(low, high);
    bytes = _mm256_min_epi8(_mm256_max_epi8(bytes, _mm256_set1_epi8((int8_t)min)), _mm256_set1_epi8((int8_t)max));
    return _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

/* What narrow4 returned is stored in shares of `vectors` vectors, 1, 2 or 4: the first `count` bytes of share `index`,
 * or all of it if it has no more. */
ASSAY_INLINE void store_share(int8_t *to, size_t count, vint bytes, const size_t index, const size_t vectors)
{
    const __m128i half = index * vectors >= 2 ? _mm256_extracti128_si256(bytes, 1) : _mm256_castsi256_si128(bytes);
    const __m128i share = vectors == 1 && index % 2 ? _mm_srli_si128(half, 8) : half;
    if (count < vectors * LANES) {
        const vint part = vectors == 4 ? bytes : _mm256_castsi128_si256(share);
        memcpy(to, &part, count);
    } else if (vectors == 4) {
        vi_store(to, bytes);
    } else if (vectors == 2) {
        _mm_storeu_si128((__m128i *)(void *)to, share);
    } else {
        _mm_storel_epi64((__m128i *)(void *)to, share);
    }
}
#else
ASSAY_INLINE struct rescaler rescaler_of(const int32_t *multiplier, const int32_t *shift)
{
    const vint m = vi_load(multiplier), one = vi_set1(1);
    const vint right = vi_sub(vi_zero(), vi_load(shift)), half = vi_power_of_two(vi_sub(right, one));
    const vint term = vi_sub(vi_sub(half, one), m), low = _mm_set1_epi64x(INT64_C(1) << 31);
    const vint factor = vi_add(m, m);
    return (struct rescaler){
        .even_factor = factor,
        .odd_factor = _mm_srli_epi64(factor, 32),
        .even_term = _mm_or_si128(_mm_slli_epi64(term, 32), low),
        .odd_term = _mm_blend_epi16(low, term, 0xCC),
        .right = vi_power_of_two(vi_sub(vi_set1(31), right)),
    };
}

/* x: sums + 2^31. The shift by `right` is a product of which bits 31 to 62 are kept. */
ASSAY_INLINE vint rescale_bounded(vint x, const struct rescaler *r)
{
    const vint even = _mm_add_epi64(_mm_mul_epu32(x, r->even_factor), r->even_term);
    const vint odd = _mm_add_epi64(_mm_mul_epu32(_mm_srli_epi64(x, 32), r->odd_factor), r->odd_term);
    const vint high = _mm_blend_epi16(_mm_srli_epi64(even, 32), odd, 0xCC);
    const vint y = vi_add(high, _mm_srli_epi32(x, 31));
    const vint even_down = _mm_mul_epi32(y, r->right);
    const vint odd_down = _mm_mul_epi32(_mm_srli_epi64(y, 32), _mm_srli_epi64(r->right, 32));
    return _mm_blend_epi16(_mm_srli_epi64(even_down, 31), _mm_slli_epi64(odd_down, 1), 0xCC);
}

/* clamp(x + zero, min, max) of four vectors as bytes, those of each vector together. Saturation on the way changes
 * nothing, as zero, min and max are of int8. */
ASSAY_INLINE vint narrow4(const vint *x, int32_t zero, int32_t min, int32_t max)
{
    const vint offset = _mm_set1_epi16((int16_t)zero);
    const vint low = _mm_adds_epi16(_mm_packs_epi32(x[0], x[1]), offset);
    const vint high = _mm_adds_epi16(_mm_packs_epi32(x[2], x[3]), offset);
    const vint bytes = _mm_max_epi8(_mm_packs_epi16(low, high), _mm_set1_epi8((int8_t)min));
    return _mm_min_epi8(bytes, _mm_set1_epi8((int8_t)max));
}

/* What narrow4 returned is stored in shares of `vectors` vectors, 1, 2 or 4: the first `count` bytes of share `index`,
 * or all of it if it has no more. */
ASSAY_INLINE void store_share(int8_t *to, size_t count, vint bytes, const size_t index, const size_t vectors)
{
    const size_t first = index * vectors; /* a constant, as the count of a shift must be */
    const vint share = first == 0   ? bytes
                       : first == 1 ? _mm_srli_si128(bytes, 4)
                       : first == 2 ? _mm_srli_si128(bytes, 8)
                                    : _mm_srli_si128(bytes, 12);
    if (count >= vectors * LANES)
        memcpy(to, &share, vectors * LANES);
    else
        memcpy(to, &share, count);
}
#endif

#endif
