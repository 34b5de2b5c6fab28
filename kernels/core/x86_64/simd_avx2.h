/* simd.h for AVX2, FMA and F16C: 8 lanes. There are masks for 32-bit elements only; narrower parts go by way of a copy.
 */
#ifndef ASSAY_KERNELS_CORE_X86_64_SIMD_AVX2_H
#define ASSAY_KERNELS_CORE_X86_64_SIMD_AVX2_H

#include "kernels/core/x86_64/parts.h"

enum { LANES = 8 };
typedef __m256 vfloat;
typedef __m256i vint;

ASSAY_INLINE __m256i first_lanes(size_t count)
{
    const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), index);
}

ASSAY_INLINE vfloat vf_zero(void)
{
    return _mm256_setzero_ps();
}

ASSAY_INLINE vfloat vf_set1(float x)
{
    return _mm256_set1_ps(x);
}

ASSAY_INLINE vfloat vf_load_f32(const float *from)
{
    return _mm256_loadu_ps(from);
}

ASSAY_INLINE vfloat vf_load_f16(const assay_f16 *from)
{
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)from));
}

ASSAY_INLINE vfloat vf_load_part_f32(const float *from, size_t count)
{
    return _mm256_maskload_ps(from, first_lanes(count));
}

ASSAY_INLINE vfloat vf_load_part_f16(const assay_f16 *from, size_t count)
{
    return count >= LANES ? vf_load_f16(from) : _mm256_cvtph_ps(load_part(from, count * sizeof(*from)));
}

ASSAY_INLINE void vf_store(float *to, vfloat x)
{
    _mm256_storeu_ps(to, x);
}

/* Not by vmaskmovps, of which a store takes a dozen cycles on AMD's cores. */
ASSAY_INLINE void vf_store_part_f32(float *to, size_t count, vfloat x)
{
    const __m128i low = _mm_castps_si128(_mm256_castps256_ps128(x));
    if (count >= LANES) {
        _mm256_storeu_ps(to, x);
    } else if (count > LANES / 2) {
        _mm_storeu_si128((__m128i *)(void *)to, low);
        store_part(to + LANES / 2, (count - LANES / 2) * sizeof(*to), _mm_castps_si128(_mm256_extractf128_ps(x, 1)));
    } else {
        store_part(to, count * sizeof(*to), low);
    }
}

ASSAY_INLINE void vf_store_part_f16(assay_f16 *to, size_t count, vfloat x)
{
    __m128i half = _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __asm__("" : "+x"(half)); /* one conversion to memory takes twice the time of a conversion and a store */
    if (count >= LANES)
        _mm_storeu_si128((__m128i *)(void *)to, half);
    else
        store_part(to, count * sizeof(*to), half);
}

ASSAY_INLINE vfloat vf_fma(vfloat x, vfloat y, vfloat sum)
{
    return _mm256_fmadd_ps(x, y, sum);
}

ASSAY_INLINE vfloat vf_add(vfloat x, vfloat y)
{
    return _mm256_add_ps(x, y);
}

ASSAY_INLINE vfloat vf_mul(vfloat x, vfloat y)
{
    return _mm256_mul_ps(x, y);
}

/* x < y ? x : y, and so y where one is a NaN. */
ASSAY_INLINE vfloat vf_min(vfloat x, vfloat y)
{
    return _mm256_min_ps(x, y);
}

ASSAY_INLINE vfloat vf_max(vfloat x, vfloat y)
{
    return _mm256_max_ps(x, y);
}

ASSAY_INLINE float vf_reduce_min(vfloat x)
{
    __m128 y = _mm_min_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    y = _mm_min_ps(y, _mm_movehl_ps(y, y));
    return _mm_cvtss_f32(_mm_min_ss(y, _mm_movehdup_ps(y)));
}

ASSAY_INLINE float vf_reduce_max(vfloat x)
{
    __m128 y = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    y = _mm_max_ps(y, _mm_movehl_ps(y, y));
    return _mm_cvtss_f32(_mm_max_ss(y, _mm_movehdup_ps(y)));
}

/* To nearest, ties to even. */
ASSAY_INLINE vint vf_round(vfloat x)
{
    return _mm256_cvtps_epi32(x);
}

ASSAY_INLINE vint vi_zero(void)
{
    return _mm256_setzero_si256();
}

ASSAY_INLINE vint vi_set1(int32_t x)
{
    return _mm256_set1_epi32(x);
}

/* Lanes of 16 bits. */
ASSAY_INLINE vint vi_set1_word(int32_t x)
{
    return _mm256_set1_epi16((int16_t)x);
}

/* 4 * LANES bytes of any element type. */
ASSAY_INLINE vint vi_load(const void *from)
{
    return _mm256_loadu_si256((const __m256i *)from);
}

ASSAY_INLINE vint vi_load_part_bytes(const void *from, size_t count)
{
    if (count >= sizeof(vint))
        return vi_load(from);
    if (count <= sizeof(__m128i))
        return _mm256_inserti128_si256(_mm256_setzero_si256(), load_part(from, count), 0);
    const char *bytes = from;
    const __m128i low = _mm_loadu_si128((const __m128i *)from);
    return _mm256_set_m128i(load_part(bytes + sizeof(low), count - sizeof(low)), low);
}

ASSAY_INLINE vfloat vf_from_bits(vint x)
{
    return _mm256_castsi256_ps(x);
}

ASSAY_INLINE vint vi_from_float_bits(vfloat x)
{
    return _mm256_castps_si256(x);
}

/* The matrix whose rows are x[0] to x[LANES - 1], of 32-bit elements, in place. */
ASSAY_INLINE void vi_transpose(vint *x)
{
    vint y[LANES];
    ASSAY_UNROLL
    for (size_t i = 0; i < LANES; i += 2) { /* pairs of rows, then fours: 4x4 in each 128 bits */
        y[i] = _mm256_unpacklo_epi32(x[i], x[i + 1]);
        y[i + 1] = _mm256_unpackhi_epi32(x[i], x[i + 1]);
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < LANES; i += 4) {
        x[i] = _mm256_unpacklo_epi64(y[i], y[i + 2]);
        x[i + 1] = _mm256_unpackhi_epi64(y[i], y[i + 2]);
        x[i + 2] = _mm256_unpacklo_epi64(y[i + 1], y[i + 3]);
        x[i + 3] = _mm256_unpackhi_epi64(y[i + 1], y[i + 3]);
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < 4; i++) {
        y[i] = _mm256_permute2x128_si256(x[i], x[i + 4], 0x20);
        y[i + 4] = _mm256_permute2x128_si256(x[i], x[i + 4], 0x31);
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < LANES; i++)
        x[i] = y[i];
}

/* The matrix whose rows are the LANES 32-bit elements at from[0] + at, from[1] + at …, transposed. Fours of elements
 * are brought to their place by the loads, so that two thirds of vi_transpose()'s shuffles do. */
ASSAY_INLINE void vi_load_transposed(const char *const *from, size_t at, vint *x)
{
    ASSAY_UNROLL
    for (size_t q = 0; q < LANES; q += 4) {
        vint y[4], z[4];
        ASSAY_UNROLL
        for (size_t i = 0; i < 4; i++) { /* rows i and i + 4 */
            const size_t place = at + q * sizeof(int32_t);
            y[i] = _mm256_inserti128_si256(
                _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)(from[i] + place))),
                _mm_loadu_si128((const __m128i *)(const void *)(from[i + 4] + place)), 1);
        }
        ASSAY_UNROLL
        for (size_t i = 0; i < 4; i += 2) {
            z[i] = _mm256_unpacklo_epi32(y[i], y[i + 1]);
            z[i + 1] = _mm256_unpackhi_epi32(y[i], y[i + 1]);
        }
        x[q] = _mm256_unpacklo_epi64(z[0], z[2]);
        x[q + 1] = _mm256_unpackhi_epi64(z[0], z[2]);
        x[q + 2] = _mm256_unpacklo_epi64(z[1], z[3]);
        x[q + 3] = _mm256_unpackhi_epi64(z[1], z[3]);
    }
}

ASSAY_INLINE void vi_store(void *to, vint x)
{
    _mm256_storeu_si256((__m256i *)to, x);
}

/* Every lane is the `count` bytes at `from`, 1 to 3, then zeros. */
ASSAY_INLINE vint vi_broadcast_part(const void *from, size_t count)
{
    const uint8_t *bytes = from;
    uint32_t bits = bytes[0];
    if (count > 1)
        bits |= (uint32_t)bytes[1] << 8;
    if (count > 2)
        bits |= (uint32_t)bytes[2] << 16;
    return vi_set1((int32_t)bits);
}

/* 2 * LANES int8 as int16. */
ASSAY_INLINE vint vi_load_i8_as_i16(const int8_t *from)
{
    return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(const void *)from));
}

ASSAY_INLINE vint vi_load_part_i8_as_i16(const int8_t *from, size_t count)
{
    return count >= 2 * LANES ? vi_load_i8_as_i16(from) : _mm256_cvtepi8_epi16(load_part(from, count));
}

ASSAY_INLINE vint vi_load_part_i16(const int16_t *from, size_t count)
{
    return vi_load_part_bytes(from, count * sizeof(*from));
}

/* Pairs (x[i], y[i]) of int16: those of the first and of the second half of each group of 8. */
ASSAY_INLINE vint vi_pairs_low(vint x, vint y)
{
    return _mm256_unpacklo_epi16(x, y);
}

ASSAY_INLINE vint vi_pairs_high(vint x, vint y)
{
    return _mm256_unpackhi_epi16(x, y);
}

/* From 32-bit lanes in the orders of vi_pairs_low and vi_pairs_high back to the plain order. */
ASSAY_INLINE void vi_unpair(vint low, vint high, vint *first, vint *second)
{
    const vint x = _mm256_permute2x128_si256(low, high, 0x20);
    *second = _mm256_permute2x128_si256(low, high, 0x31);
    *first = x;
}

ASSAY_INLINE vint vi_add(vint x, vint y)
{
    return _mm256_add_epi32(x, y);
}

ASSAY_INLINE vint vi_sub(vint x, vint y)
{
    return _mm256_sub_epi32(x, y);
}

ASSAY_INLINE vint vi_mul(vint x, vint y)
{
    return _mm256_mullo_epi32(x, y);
}

ASSAY_INLINE vint vi_min(vint x, vint y)
{
    return _mm256_min_epi32(x, y);
}

ASSAY_INLINE vint vi_max(vint x, vint y)
{
    return _mm256_max_epi32(x, y);
}

ASSAY_INLINE vint vi_xor(vint x, vint y)
{
    return _mm256_xor_si256(x, y);
}

/* Flips the sign bit of each byte. The constant stays in memory: where a tile takes 15 of the 16 registers, clang gives
 * it the last one, and copies the others about in each step. */
ASSAY_INLINE vint vi_flip_signs(vint x)
{
    static const struct {
        _Alignas(sizeof(vint)) uint8_t bytes[sizeof(vint)];
    } signs = {{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80}};
    __asm__("vpxor %1, %0, %0" : "+x"(x) : "m"(signs));
    return x;
}

/* Zeros come in. */
ASSAY_INLINE vint vi_shift_right(vint x, int count)
{
    return _mm256_srl_epi32(x, _mm_cvtsi32_si128(count));
}

/* By the lanes of `count`, 0 to 31. */
ASSAY_INLINE vint vi_shift_right_signed(vint x, vint count)
{
    return _mm256_srav_epi32(x, count);
}

/* The upper halves of the products of unsigned 16-bit lanes. */
ASSAY_INLINE vint vi_mul_high_u16(vint x, vint y)
{
    return _mm256_mulhi_epu16(x, y);
}

/* The upper 16 bits of each lane, signed, and the lower ones, unsigned. */
ASSAY_INLINE vint vi_upper_word(vint x)
{
    return _mm256_srai_epi32(x, 16);
}

ASSAY_INLINE vint vi_lower_word(vint x)
{
    return _mm256_blend_epi16(x, _mm256_setzero_si256(), 0xAA);
}

ASSAY_INLINE vfloat vi_to_float(vint x)
{
    return _mm256_cvtepi32_ps(x);
}

/* sum + x[2i] * y[2i] + x[2i + 1] * y[2i + 1], int16 lanes; exact. */
ASSAY_INLINE vint vi_dot2(vint sum, vint x, vint y)
{
#ifdef __AVXVNNI__
    /* Clang 19 makes vpmaddwd and vpaddd of the intrinsic again. */
    __asm__("%{vex%} vpdpwssd %2, %1, %0" : "+x"(sum) : "x"(x), "x"(y));
    return sum;
#else
    return _mm256_add_epi32(sum, _mm256_madd_epi16(x, y));
#endif
}

#ifdef __AVXVNNI__
#define ASSAY_SIMD_DOT4
/* sum + the four products of unsigned bytes of x and signed bytes of y; exact. */
ASSAY_INLINE vint vi_dot4(vint sum, vint x, vint y)
{
    return _mm256_dpbusd_avx_epi32(sum, x, y);
}
#endif

/* assay_rescale() (kernels/core/fixed_point.h) in each lane. */
ASSAY_INLINE vint vi_rescale(vint x, vint multiplier, vint shift)
{
    const vint zero = _mm256_setzero_si256(), half = _mm256_set1_epi64x(INT64_C(1) << 30);
    const vint left = _mm256_max_epi32(shift, zero), right = _mm256_sub_epi32(left, shift);
    const vint a = _mm256_sllv_epi32(x, left);
    const vint even = _mm256_add_epi64(_mm256_mul_epi32(a, multiplier), half);
    const vint odd =
        _mm256_add_epi64(_mm256_mul_epi32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(multiplier, 32)), half);
    /* Bits 31 to 62 of each sum, brought to the half of the lane they belong in. */
    const vint b = _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_slli_epi64(odd, 1), 0xAA);
    const vint one = _mm256_set1_epi32(1), mask = _mm256_sub_epi32(_mm256_sllv_epi32(one, right), one);
    const vint threshold = _mm256_add_epi32(_mm256_srli_epi32(mask, 1), _mm256_srli_epi32(b, 31));
    const vint up = _mm256_cmpgt_epi32(_mm256_and_si256(b, mask), threshold); /* -1 where true */
    return _mm256_sub_epi32(_mm256_srav_epi32(b, right), up);
}

/* Narrowed with saturation. */
ASSAY_INLINE void vi_store_part_i8(int8_t *to, size_t count, vint x)
{
    const __m128i wide = _mm_packs_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    const __m128i bytes = _mm_packs_epi16(wide, wide);
    if (count >= LANES)
        _mm_storel_epi64((__m128i *)(void *)to, bytes);
    else
        store_few((uint8_t *)to, count, (uint64_t)_mm_cvtsi128_si64(bytes));
}

/* "vq": as LANES / 2 lanes of 64 bits. */
ASSAY_INLINE vint vq_set1(int64_t x)
{
    return _mm256_set1_epi64x(x);
}

ASSAY_INLINE vint vq_add(vint x, vint y)
{
    return _mm256_add_epi64(x, y);
}

ASSAY_INLINE vint vq_sub(vint x, vint y)
{
    return _mm256_sub_epi64(x, y);
}

/* The product of the lower halves of each lane, as int32. */
ASSAY_INLINE vint vq_mul_low(vint x, vint y)
{
    return _mm256_mul_epi32(x, y);
}

/* Shifts by the lanes of `count`, 0 to 63. */
ASSAY_INLINE vint vq_shift_left(vint x, vint count)
{
    return _mm256_sllv_epi64(x, count);
}

ASSAY_INLINE vint vq_shift_right_signed(vint x, vint count)
{
    const vint sign = _mm256_set1_epi64x(INT64_MIN); /* moved up to be unsigned, and back after the shift */
    return _mm256_sub_epi64(_mm256_srlv_epi64(_mm256_xor_si256(x, sign), count), _mm256_srlv_epi64(sign, count));
}

/* The upper half of each lane as its lower one: zeros, or the sign, above. */
ASSAY_INLINE vint vq_upper(vint x)
{
    return _mm256_srli_epi64(x, 32);
}

ASSAY_INLINE vint vq_lower(vint x)
{
    return _mm256_blend_epi32(x, _mm256_setzero_si256(), 0xAA);
}

/* The lower halves of both: those of `even` in the lower halves of the result. */
ASSAY_INLINE vint vq_interleave(vint even, vint odd)
{
    return _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA);
}

/* The even and the odd ones of LANES int64. */
ASSAY_INLINE void vq_load_even_odd(const int64_t *from, vint *even, vint *odd)
{
    const vint low = vi_load(from), high = vi_load(from + LANES / 2);
    *even = _mm256_permute4x64_epi64(_mm256_unpacklo_epi64(low, high), 0xD8);
    *odd = _mm256_permute4x64_epi64(_mm256_unpackhi_epi64(low, high), 0xD8);
}

/* Narrowed with saturation. */
ASSAY_INLINE void vi_store_part_i16(int16_t *to, size_t count, vint x)
{
    const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    if (count >= LANES)
        _mm_storeu_si128((__m128i *)(void *)to, words);
    else
        store_part(to, count * sizeof(*to), words);
}

/* x and then y as int16 in [min, max], min and max each in all lanes; saturated. */
ASSAY_INLINE vint vi_narrow2_i16(vint x, vint y, vint min, vint max)
{
    vint words = _mm256_packs_epi32(x, y); /* fours of x and y by turns */
    words = _mm256_min_epi16(_mm256_max_epi16(words, min), max);
    return _mm256_permute4x64_epi64(words, 0xD8);
}

/* 2 * LANES int16, and the first half or the second. */
ASSAY_INLINE void vi_store_part_half(int16_t *to, size_t count, vint words, const bool second)
{
    const __m128i half = second ? _mm256_extracti128_si256(words, 1) : _mm256_castsi256_si128(words);
    if (count >= LANES)
        _mm_storeu_si128((__m128i *)(void *)to, half);
    else
        store_part(to, count * sizeof(*to), half);
}

ASSAY_INLINE void vi_store_part_words(int16_t *to, size_t count, vint words)
{
    if (count >= 2 * LANES) {
        vi_store(to, words);
        return;
    }
    vi_store_part_half(to, count, words, false);
    if (count > LANES)
        vi_store_part_half(to + LANES, count - LANES, words, true);
}

#endif
