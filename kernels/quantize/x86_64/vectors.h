/* What conversions need beyond kernels/core/x86_64/simd.h: widening, and narrowing of 4 vectors at once, which costs
 * less than of each by itself. */
#ifndef ASSAY_KERNELS_QUANTIZE_X86_64_VECTORS_H
#define ASSAY_KERNELS_QUANTIZE_X86_64_VECTORS_H

#include "kernels/core/x86_64/simd.h"

/* vf_away: x + 0.5 away from zero, or rather the float before 0.5, so that the one before 0.5 does not become 1: what
 * truncation then leaves is x rounded, ties away from zero, for |x| < 2^22.
 * vi_narrow_i8, vi_narrow_i16: with saturation. Narrowing takes 128 bits of each source in turn, of which the order is
 * restored at the end.
 * vi_store_high_i8, vi_has_low_at_most: of 4 vectors of fixed-point numbers with 16 bits behind the point, the integral
 * parts as bytes, with saturation; and whether any of the fractions is at most `bound`: the least of all words of 16
 * bits is taken, and those of the integral parts, which stay among themselves, are left out at the end.
 * vi_interleave_…: of each 128 bits, the elements of the lower or the upper halves.
 * vi_greatest_of_blocks: of LANES / 4 vectors, each one's blocks of 128 bits folded into one, side by side. */
typedef vint vi_greater_fn(vint x, vint y);

#if defined(__AVX512F__)

#define WORDS(operation) _mm512_##operation

ASSAY_INLINE vint vi_widen_i8(const int8_t *from)
{
    return _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)(const void *)from));
}

ASSAY_INLINE vint vi_widen_i16(const int16_t *from)
{
    return _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)from));
}

ASSAY_INLINE vfloat vf_fnma(vfloat x, vfloat y, vfloat sum)
{
    return _mm512_fnmadd_ps(x, y, sum);
}

ASSAY_INLINE vfloat vf_away(vfloat x)
{
    const __m512i sign = _mm512_set1_epi32(INT32_MIN), half = _mm512_castps_si512(_mm512_set1_ps(0x1.fffffep-2f));
    enum { FIRST_WHERE_THIRD_ELSE_SECOND = 0xE4 };
    const __m512i signed_half =
        _mm512_ternarylogic_epi32(_mm512_castps_si512(x), half, sign, FIRST_WHERE_THIRD_ELSE_SECOND);
    return _mm512_add_ps(x, _mm512_castsi512_ps(signed_half));
}

ASSAY_INLINE vint vf_truncate(vfloat x)
{
    return _mm512_cvttps_epi32(x);
}

ASSAY_INLINE vint vi_max_unsigned(vint x, vint y)
{
    return _mm512_max_epu32(x, y);
}

ASSAY_INLINE vint vi_set1_i16(int16_t x)
{
    return _mm512_set1_epi16(x);
}

/* x + offset in 16 bits, then in 8, each with saturation. */
ASSAY_INLINE vint vi_narrowed_i8(const vint *x, vint offset)
{
    const vint order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const vint low = _mm512_adds_epi16(_mm512_packs_epi32(x[0], x[1]), offset);
    const vint high = _mm512_adds_epi16(_mm512_packs_epi32(x[2], x[3]), offset);
    return _mm512_permutexvar_epi32(order, _mm512_packs_epi16(low, high));
}

/* The same of x so small that the sums fit 16 bits, to bytes with or without a sign. On Zen 4 an addition that
 * saturates goes to the ports of multiplications, any other to all. */
ASSAY_INLINE vint vi_narrowed_small(const vint *x, vint offset, const bool has_sign)
{
    const vint order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const vint low = _mm512_add_epi16(_mm512_packs_epi32(x[0], x[1]), offset);
    const vint high = _mm512_add_epi16(_mm512_packs_epi32(x[2], x[3]), offset);
    return _mm512_permutexvar_epi32(order, has_sign ? _mm512_packs_epi16(low, high) : _mm512_packus_epi16(low, high));
}

/* The first `count` bytes, less than all. */
ASSAY_INLINE void vi_store_part_bytes(void *to, size_t count, vint x)
{
    _mm512_mask_storeu_epi8(to, ((__mmask64)1 << count) - 1, x);
}

/* The quarter of the bytes that the vector x[which] of vi_narrowed_i8() became. */
ASSAY_INLINE void vi_store_quarter(int8_t *to, vint x, const size_t which)
{
    const __m128i quarter = which == 0   ? _mm512_castsi512_si128(x)
                            : which == 1 ? _mm512_extracti32x4_epi32(x, 1)
                            : which == 2 ? _mm512_extracti32x4_epi32(x, 2)
                                         : _mm512_extracti32x4_epi32(x, 3);
    _mm_storeu_si128((__m128i *)(void *)to, quarter);
}

ASSAY_INLINE void vi_narrow_i16(int16_t *to, vint x, vint y)
{
    const vint order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    vi_store(to, _mm512_permutexvar_epi64(order, _mm512_packs_epi32(x, y)));
}

/* The words 0, 2, 4 … of two vectors. */
ASSAY_INLINE vint even_words(void)
{
    const vint pairs = _mm512_setr_epi32(0x00020000, 0x00060004, 0x000A0008, 0x000E000C, 0x00120010, 0x00160014,
                                         0x001A0018, 0x001E001C, 0x00220020, 0x00260024, 0x002A0028, 0x002E002C,
                                         0x00320030, 0x00360034, 0x003A0038, 0x003E003C);
    return pairs;
}

ASSAY_INLINE void vi_store_high_i8(int8_t *to, const vint *x)
{
    const vint odd = _mm512_add_epi16(even_words(), _mm512_set1_epi16(1));
    const vint low = _mm512_permutex2var_epi16(x[0], odd, x[1]), high = _mm512_permutex2var_epi16(x[2], odd, x[3]);
    const vint order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    vi_store(to, _mm512_permutexvar_epi64(order, _mm512_packs_epi16(low, high)));
}

ASSAY_INLINE bool vi_has_low_at_most(const vint *x, uint16_t bound)
{
    const vint least = _mm512_min_epu16(_mm512_min_epu16(x[0], x[1]), _mm512_min_epu16(x[2], x[3]));
    return _mm512_mask_cmple_epu16_mask(0x55555555, least, _mm512_set1_epi16((int16_t)bound)) != 0;
}

/* x * multiplier / 2^16, its floor, as int32, of 2 * LANES int16 in the order that vi_unsplit() restores; the
 * multiplier is high * 2^16 + low: `low` in all lanes, high_one with a 1 beside each `high`. */
ASSAY_INLINE void vi_scale_i16(vint x, vint low, vint high_one, vint *first, vint *second)
{
    const vint rest = _mm512_mulhi_epi16(x, low);
    *first = _mm512_madd_epi16(_mm512_unpacklo_epi16(x, rest), high_one);
    *second = _mm512_madd_epi16(_mm512_unpackhi_epi16(x, rest), high_one);
}

ASSAY_INLINE vint vi_unsplit(vint first, vint second)
{
    return _mm512_packs_epi32(first, second);
}

ASSAY_INLINE vint vi_shift_left(vint x, int count)
{
    return _mm512_sll_epi32(x, _mm_cvtsi32_si128(count));
}

ASSAY_INLINE vint vi_shift_signed(vint x, int count)
{
    return _mm512_sra_epi32(x, _mm_cvtsi32_si128(count));
}

/* floor((x * y + 2^30) / 2^31) */
ASSAY_INLINE vint vi_rounding_high(vint x, vint y)
{
    const vint half = _mm512_set1_epi64(INT64_C(1) << 30);
    const vint even = _mm512_add_epi64(_mm512_mul_epi32(x, y), half);
    const vint odd = _mm512_add_epi64(_mm512_mul_epi32(_mm512_srli_epi64(x, 32), y), half);
    return _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(even, 31), _mm512_slli_epi64(odd, 1));
}

ASSAY_INLINE vint vi_interleave_low_32(vint x, vint y)
{
    return _mm512_unpacklo_epi32(x, y);
}

ASSAY_INLINE vint vi_interleave_high_32(vint x, vint y)
{
    return _mm512_unpackhi_epi32(x, y);
}

ASSAY_INLINE vint vi_interleave_low_64(vint x, vint y)
{
    return _mm512_unpacklo_epi64(x, y);
}

ASSAY_INLINE vint vi_interleave_high_64(vint x, vint y)
{
    return _mm512_unpackhi_epi64(x, y);
}

ASSAY_INLINE vint vi_greatest_of_blocks(const vint *x, vi_greater_fn *const greater)
{
    const vint a = greater(_mm512_shuffle_i32x4(x[0], x[1], 0x88), _mm512_shuffle_i32x4(x[0], x[1], 0xDD));
    const vint b = greater(_mm512_shuffle_i32x4(x[2], x[3], 0x88), _mm512_shuffle_i32x4(x[2], x[3], 0xDD));
    return greater(_mm512_shuffle_i32x4(a, b, 0x88), _mm512_shuffle_i32x4(a, b, 0xDD));
}

#elif defined(__AVX2__)

#define WORDS(operation) _mm256_##operation

ASSAY_INLINE vint vi_widen_i8(const int8_t *from)
{
    return _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)from));
}

ASSAY_INLINE vint vi_widen_i16(const int16_t *from)
{
    return _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(const void *)from));
}

ASSAY_INLINE vfloat vf_fnma(vfloat x, vfloat y, vfloat sum)
{
    return _mm256_fnmadd_ps(x, y, sum);
}

ASSAY_INLINE vfloat vf_away(vfloat x)
{
    const vfloat sign = _mm256_and_ps(x, _mm256_set1_ps(-0.0f));
    return _mm256_add_ps(x, _mm256_or_ps(sign, _mm256_set1_ps(0x1.fffffep-2f)));
}

ASSAY_INLINE vint vf_truncate(vfloat x)
{
    return _mm256_cvttps_epi32(x);
}

ASSAY_INLINE vint vi_max_unsigned(vint x, vint y)
{
    return _mm256_max_epu32(x, y);
}

ASSAY_INLINE vint vi_set1_i16(int16_t x)
{
    return _mm256_set1_epi16(x);
}

ASSAY_INLINE vint vi_narrowed_i8(const vint *x, vint offset)
{
    const vint order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    const vint low = _mm256_adds_epi16(_mm256_packs_epi32(x[0], x[1]), offset);
    const vint high = _mm256_adds_epi16(_mm256_packs_epi32(x[2], x[3]), offset);
    return _mm256_permutevar8x32_epi32(_mm256_packs_epi16(low, high), order);
}

ASSAY_INLINE vint vi_narrowed_small(const vint *x, vint offset, const bool has_sign)
{
    const vint order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    const vint low = _mm256_add_epi16(_mm256_packs_epi32(x[0], x[1]), offset);
    const vint high = _mm256_add_epi16(_mm256_packs_epi32(x[2], x[3]), offset);
    return _mm256_permutevar8x32_epi32(has_sign ? _mm256_packs_epi16(low, high) : _mm256_packus_epi16(low, high),
                                       order);
}

ASSAY_INLINE void vi_store_part_bytes(void *to, size_t count, vint x)
{
    memcpy(to, &x, count);
}

ASSAY_INLINE void vi_store_quarter(int8_t *to, vint x, const size_t which)
{
    const __m128i half = which < 2 ? _mm256_castsi256_si128(x) : _mm256_extracti128_si256(x, 1);
    const int64_t quarter = which % 2 == 0 ? _mm_cvtsi128_si64(half) : _mm_extract_epi64(half, 1);
    memcpy(to, &quarter, sizeof(quarter));
}

ASSAY_INLINE void vi_narrow_i16(int16_t *to, vint x, vint y)
{
    vi_store(to, _mm256_permute4x64_epi64(_mm256_packs_epi32(x, y), 0xD8));
}

ASSAY_INLINE void vi_store_high_i8(int8_t *to, const vint *x)
{
    vint high[4];
    ASSAY_UNROLL
    for (size_t i = 0; i < 4; i++)
        high[i] = _mm256_srai_epi32(x[i], 16);
    vi_store(to, vi_narrowed_i8(high, _mm256_setzero_si256()));
}

ASSAY_INLINE bool vi_has_low_at_most(const vint *x, uint16_t bound)
{
    const vint least = _mm256_min_epu16(_mm256_min_epu16(x[0], x[1]), _mm256_min_epu16(x[2], x[3]));
    const vint bounded = _mm256_min_epu16(least, _mm256_set1_epi16((int16_t)bound));
    return (_mm256_movemask_epi8(_mm256_cmpeq_epi16(bounded, least)) & 0x33333333) != 0;
}

ASSAY_INLINE void vi_scale_i16(vint x, vint low, vint high_one, vint *first, vint *second)
{
    const vint rest = _mm256_mulhi_epi16(x, low);
    *first = _mm256_madd_epi16(_mm256_unpacklo_epi16(x, rest), high_one);
    *second = _mm256_madd_epi16(_mm256_unpackhi_epi16(x, rest), high_one);
}

ASSAY_INLINE vint vi_unsplit(vint first, vint second)
{
    return _mm256_packs_epi32(first, second);
}

ASSAY_INLINE vint vi_shift_left(vint x, int count)
{
    return _mm256_sll_epi32(x, _mm_cvtsi32_si128(count));
}

ASSAY_INLINE vint vi_shift_signed(vint x, int count)
{
    return _mm256_sra_epi32(x, _mm_cvtsi32_si128(count));
}

ASSAY_INLINE vint vi_rounding_high(vint x, vint y)
{
    const vint half = _mm256_set1_epi64x(INT64_C(1) << 30);
    const vint even = _mm256_add_epi64(_mm256_mul_epi32(x, y), half);
    const vint odd = _mm256_add_epi64(_mm256_mul_epi32(_mm256_srli_epi64(x, 32), y), half);
    return _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_slli_epi64(odd, 1), 0xAA);
}

ASSAY_INLINE vint vi_interleave_low_32(vint x, vint y)
{
    return _mm256_unpacklo_epi32(x, y);
}

ASSAY_INLINE vint vi_interleave_high_32(vint x, vint y)
{
    return _mm256_unpackhi_epi32(x, y);
}

ASSAY_INLINE vint vi_interleave_low_64(vint x, vint y)
{
    return _mm256_unpacklo_epi64(x, y);
}

ASSAY_INLINE vint vi_interleave_high_64(vint x, vint y)
{
    return _mm256_unpackhi_epi64(x, y);
}

ASSAY_INLINE vint vi_greatest_of_blocks(const vint *x, vi_greater_fn *const greater)
{
    return greater(_mm256_permute2x128_si256(x[0], x[1], 0x20), _mm256_permute2x128_si256(x[0], x[1], 0x31));
}

#else

#define WORDS(operation) _mm_##operation

ASSAY_INLINE vint vi_widen_i8(const int8_t *from)
{
    int32_t bytes;
    memcpy(&bytes, from, sizeof(bytes));
    return _mm_cvtepi8_epi32(_mm_cvtsi32_si128(bytes));
}

ASSAY_INLINE vint vi_widen_i16(const int16_t *from)
{
    return _mm_cvtepi16_epi32(_mm_loadl_epi64((const __m128i *)(const void *)from));
}

ASSAY_INLINE vfloat vf_away(vfloat x)
{
    const vfloat sign = _mm_and_ps(x, _mm_set1_ps(-0.0f));
    return _mm_add_ps(x, _mm_or_ps(sign, _mm_set1_ps(0x1.fffffep-2f)));
}

ASSAY_INLINE vint vf_truncate(vfloat x)
{
    return _mm_cvttps_epi32(x);
}

ASSAY_INLINE vint vi_max_unsigned(vint x, vint y)
{
    return _mm_max_epu32(x, y);
}

ASSAY_INLINE vint vi_set1_i16(int16_t x)
{
    return _mm_set1_epi16(x);
}

ASSAY_INLINE vint vi_narrowed_i8(const vint *x, vint offset)
{
    const vint low = _mm_adds_epi16(_mm_packs_epi32(x[0], x[1]), offset);
    const vint high = _mm_adds_epi16(_mm_packs_epi32(x[2], x[3]), offset);
    return _mm_packs_epi16(low, high);
}

ASSAY_INLINE vint vi_narrowed_small(const vint *x, vint offset, const bool has_sign)
{
    const vint low = _mm_add_epi16(_mm_packs_epi32(x[0], x[1]), offset);
    const vint high = _mm_add_epi16(_mm_packs_epi32(x[2], x[3]), offset);
    return has_sign ? _mm_packs_epi16(low, high) : _mm_packus_epi16(low, high);
}

ASSAY_INLINE void vi_store_part_bytes(void *to, size_t count, vint x)
{
    memcpy(to, &x, count);
}

ASSAY_INLINE void vi_store_quarter(int8_t *to, vint x, const size_t which)
{
    const int32_t quarter = which == 0   ? _mm_cvtsi128_si32(x)
                            : which == 1 ? _mm_extract_epi32(x, 1)
                            : which == 2 ? _mm_extract_epi32(x, 2)
                                         : _mm_extract_epi32(x, 3);
    memcpy(to, &quarter, sizeof(quarter));
}

ASSAY_INLINE void vi_narrow_i16(int16_t *to, vint x, vint y)
{
    vi_store(to, _mm_packs_epi32(x, y));
}

ASSAY_INLINE void vi_store_high_i8(int8_t *to, const vint *x)
{
    vint high[4];
    ASSAY_UNROLL
    for (size_t i = 0; i < 4; i++)
        high[i] = _mm_srai_epi32(x[i], 16);
    vi_store(to, vi_narrowed_i8(high, _mm_setzero_si128()));
}

ASSAY_INLINE bool vi_has_low_at_most(const vint *x, uint16_t bound)
{
    const vint least = _mm_min_epu16(_mm_min_epu16(x[0], x[1]), _mm_min_epu16(x[2], x[3]));
    const vint bounded = _mm_min_epu16(least, _mm_set1_epi16((int16_t)bound));
    return (_mm_movemask_epi8(_mm_cmpeq_epi16(bounded, least)) & 0x3333) != 0;
}

ASSAY_INLINE void vi_scale_i16(vint x, vint low, vint high_one, vint *first, vint *second)
{
    const vint rest = _mm_mulhi_epi16(x, low);
    *first = _mm_madd_epi16(_mm_unpacklo_epi16(x, rest), high_one);
    *second = _mm_madd_epi16(_mm_unpackhi_epi16(x, rest), high_one);
}

ASSAY_INLINE vint vi_unsplit(vint first, vint second)
{
    return _mm_packs_epi32(first, second);
}

ASSAY_INLINE vint vi_shift_left(vint x, int count)
{
    return _mm_sll_epi32(x, _mm_cvtsi32_si128(count));
}

ASSAY_INLINE vint vi_shift_signed(vint x, int count)
{
    return _mm_sra_epi32(x, _mm_cvtsi32_si128(count));
}

ASSAY_INLINE vint vi_rounding_high(vint x, vint y)
{
    return vi_doubling_high(x, y);
}

ASSAY_INLINE vint vi_interleave_low_32(vint x, vint y)
{
    return _mm_unpacklo_epi32(x, y);
}

ASSAY_INLINE vint vi_interleave_high_32(vint x, vint y)
{
    return _mm_unpackhi_epi32(x, y);
}

ASSAY_INLINE vint vi_interleave_low_64(vint x, vint y)
{
    return _mm_unpacklo_epi64(x, y);
}

ASSAY_INLINE vint vi_interleave_high_64(vint x, vint y)
{
    return _mm_unpackhi_epi64(x, y);
}

ASSAY_INLINE vint vi_greatest_of_blocks(const vint *x, vi_greater_fn *const greater)
{
    (void)greater;
    return x[0];
}

#endif

ASSAY_INLINE void vi_narrow_i8(int8_t *to, const vint *x, vint offset)
{
    vi_store(to, vi_narrowed_i8(x, offset));
}

/* x, but at most `bound`, which is positive; a NaN stays one or becomes `bound`. As integers, which takes another port
 * than products: floats of one sign are in the order of their bits. */
ASSAY_INLINE vfloat vf_limit(vfloat x, vfloat bound)
{
    return vf_from_bits(vi_min(vi_from_float_bits(x), vi_from_float_bits(bound)));
}

#endif
