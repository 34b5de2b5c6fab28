/* simd.h for AVX-512 F, BW, DQ, VL: 16 lanes. Whole vectors are stored without a mask, which is faster where a kernel
 * is bound by its stores. */
#ifndef ASSAY_KERNELS_CORE_X86_64_SIMD_AVX512_H
#define ASSAY_KERNELS_CORE_X86_64_SIMD_AVX512_H

enum { LANES = 16 };
typedef __m512 vfloat;
typedef __m512i vint;

ASSAY_INLINE __mmask16 first_lanes(size_t count)
{
    return (__mmask16)(count >= LANES ? 0xFFFF : (1U << count) - 1);
}

ASSAY_INLINE vfloat vf_zero(void)
{
    return _mm512_setzero_ps();
}

ASSAY_INLINE vfloat vf_set1(float x)
{
    return _mm512_set1_ps(x);
}

ASSAY_INLINE vfloat vf_load_f32(const float *from)
{
    return _mm512_loadu_ps(from);
}

ASSAY_INLINE vfloat vf_load_f16(const assay_f16 *from)
{
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)from));
}

ASSAY_INLINE vfloat vf_load_part_f32(const float *from, size_t count)
{
    return _mm512_maskz_loadu_ps(first_lanes(count), from);
}

ASSAY_INLINE vfloat vf_load_part_f16(const assay_f16 *from, size_t count)
{
    return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(first_lanes(count), from));
}

ASSAY_INLINE void vf_store(float *to, vfloat x)
{
    _mm512_storeu_ps(to, x);
}

ASSAY_INLINE void vf_store_part_f32(float *to, size_t count, vfloat x)
{
    if (count >= LANES)
        _mm512_storeu_ps(to, x);
    else
        _mm512_mask_storeu_ps(to, first_lanes(count), x);
}

ASSAY_INLINE void vf_store_part_f16(assay_f16 *to, size_t count, vfloat x)
{
    __m256i half = _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __asm__("" : "+v"(half)); /* one conversion to memory takes longer than a conversion and a store */
    if (count >= LANES)
        _mm256_storeu_si256((__m256i *)(void *)to, half);
    else
        _mm256_mask_storeu_epi16(to, first_lanes(count), half);
}

ASSAY_INLINE vfloat vf_fma(vfloat x, vfloat y, vfloat sum)
{
    return _mm512_fmadd_ps(x, y, sum);
}

ASSAY_INLINE vfloat vf_add(vfloat x, vfloat y)
{
    return _mm512_add_ps(x, y);
}

ASSAY_INLINE vfloat vf_mul(vfloat x, vfloat y)
{
    return _mm512_mul_ps(x, y);
}

/* x < y ? x : y, and so y where one is a NaN. */
ASSAY_INLINE vfloat vf_min(vfloat x, vfloat y)
{
    return _mm512_min_ps(x, y);
}

ASSAY_INLINE vfloat vf_max(vfloat x, vfloat y)
{
    return _mm512_max_ps(x, y);
}

ASSAY_INLINE float vf_reduce_min(vfloat x)
{
    return _mm512_reduce_min_ps(x);
}

ASSAY_INLINE float vf_reduce_max(vfloat x)
{
    return _mm512_reduce_max_ps(x);
}

/* To nearest, ties to even. */
ASSAY_INLINE vint vf_round(vfloat x)
{
    return _mm512_cvtps_epi32(x);
}

ASSAY_INLINE vint vi_zero(void)
{
    return _mm512_setzero_si512();
}

ASSAY_INLINE vint vi_set1(int32_t x)
{
    return _mm512_set1_epi32(x);
}

/* Lanes of 16 bits. */
ASSAY_INLINE vint vi_set1_word(int32_t x)
{
    return _mm512_set1_epi16((int16_t)x);
}

/* 4 * LANES bytes of any element type. */
ASSAY_INLINE vint vi_load(const void *from)
{
    return _mm512_loadu_si512(from);
}

ASSAY_INLINE vint vi_load_part_bytes(const void *from, size_t count)
{
    return _mm512_maskz_loadu_epi8(count >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << count) - 1, from);
}

ASSAY_INLINE vfloat vf_from_bits(vint x)
{
    return _mm512_castsi512_ps(x);
}

ASSAY_INLINE vint vi_from_float_bits(vfloat x)
{
    return _mm512_castps_si512(x);
}

/* The matrix whose rows are x[0] to x[LANES - 1], of 32-bit elements, in place. */
ASSAY_INLINE void vi_transpose(vint *x)
{
    vint y[LANES];
    ASSAY_UNROLL
    for (size_t i = 0; i < LANES; i += 2) { /* pairs of rows, then fours: 4x4 in each 128 bits */
        y[i] = _mm512_unpacklo_epi32(x[i], x[i + 1]);
        y[i + 1] = _mm512_unpackhi_epi32(x[i], x[i + 1]);
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < LANES; i += 4) {
        x[i] = _mm512_unpacklo_epi64(y[i], y[i + 2]);
        x[i + 1] = _mm512_unpackhi_epi64(y[i], y[i + 2]);
        x[i + 2] = _mm512_unpacklo_epi64(y[i + 1], y[i + 3]);
        x[i + 3] = _mm512_unpackhi_epi64(y[i + 1], y[i + 3]);
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < 4; i++) { /* then the 4x4 of 128-bit blocks that x[i], x[i + 4] … are */
        const vint a = _mm512_shuffle_i32x4(x[i], x[i + 4], 0x44), b = _mm512_shuffle_i32x4(x[i], x[i + 4], 0xEE);
        const vint c = _mm512_shuffle_i32x4(x[i + 8], x[i + 12], 0x44),
                   d = _mm512_shuffle_i32x4(x[i + 8], x[i + 12], 0xEE);
        y[i] = _mm512_shuffle_i32x4(a, c, 0x88);
        y[i + 4] = _mm512_shuffle_i32x4(a, c, 0xDD);
        y[i + 8] = _mm512_shuffle_i32x4(b, d, 0x88);
        y[i + 12] = _mm512_shuffle_i32x4(b, d, 0xDD);
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < LANES; i++)
        x[i] = y[i];
}

/* The matrix whose rows are the LANES 32-bit elements at from[0] + at, from[1] + at …, transposed. Fours of elements
 * are brought to their place by the loads, so that half of vi_transpose()'s shuffles do. */
ASSAY_INLINE void vi_load_transposed(const char *const *from, size_t at, vint *x)
{
    ASSAY_UNROLL
    for (size_t q = 0; q < LANES; q += 4) {
        vint y[4], z[4];
        ASSAY_UNROLL
        for (size_t i = 0; i < 4; i++) { /* rows i, i + 4, i + 8 and i + 12 */
            const size_t place = at + q * sizeof(int32_t);
            y[i] = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)(const void *)(from[i] + place)));
            y[i] = _mm512_mask_broadcast_i32x4(y[i], 0x00F0,
                                               _mm_loadu_si128((const __m128i *)(const void *)(from[i + 4] + place)));
            y[i] = _mm512_mask_broadcast_i32x4(y[i], 0x0F00,
                                               _mm_loadu_si128((const __m128i *)(const void *)(from[i + 8] + place)));
            y[i] = _mm512_mask_broadcast_i32x4(y[i], 0xF000,
                                               _mm_loadu_si128((const __m128i *)(const void *)(from[i + 12] + place)));
        }
        ASSAY_UNROLL
        for (size_t i = 0; i < 4; i += 2) {
            z[i] = _mm512_unpacklo_epi32(y[i], y[i + 1]);
            z[i + 1] = _mm512_unpackhi_epi32(y[i], y[i + 1]);
        }
        x[q] = _mm512_unpacklo_epi64(z[0], z[2]);
        x[q + 1] = _mm512_unpackhi_epi64(z[0], z[2]);
        x[q + 2] = _mm512_unpacklo_epi64(z[1], z[3]);
        x[q + 3] = _mm512_unpackhi_epi64(z[1], z[3]);
    }
}

ASSAY_INLINE void vi_store(void *to, vint x)
{
    _mm512_storeu_si512(to, x);
}

/* Every lane is the `count` bytes at `from`, 1 to 3, then zeros. */
ASSAY_INLINE vint vi_broadcast_part(const void *from, size_t count)
{
    return _mm512_broadcastd_epi32(_mm_maskz_loadu_epi8((__mmask16)((1U << count) - 1), from));
}

/* 2 * LANES int8 as int16. */
ASSAY_INLINE vint vi_load_i8_as_i16(const int8_t *from)
{
    return _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(const void *)from));
}

ASSAY_INLINE vint vi_load_part_i8_as_i16(const int8_t *from, size_t count)
{
    const __mmask32 mask = count >= 2 * LANES ? ~(__mmask32)0 : ((__mmask32)1 << count) - 1;
    return _mm512_cvtepi8_epi16(_mm256_maskz_loadu_epi8(mask, from));
}

ASSAY_INLINE vint vi_load_part_i16(const int16_t *from, size_t count)
{
    const __mmask32 mask = count >= 2 * LANES ? ~(__mmask32)0 : ((__mmask32)1 << count) - 1;
    return _mm512_maskz_loadu_epi16(mask, from);
}

/* Pairs (x[i], y[i]) of int16: those of the first and of the second half of each group of 8. */
ASSAY_INLINE vint vi_pairs_low(vint x, vint y)
{
    return _mm512_unpacklo_epi16(x, y);
}

ASSAY_INLINE vint vi_pairs_high(vint x, vint y)
{
    return _mm512_unpackhi_epi16(x, y);
}

/* From 32-bit lanes in the orders of vi_pairs_low and vi_pairs_high back to the plain order. */
ASSAY_INLINE void vi_unpair(vint low, vint high, vint *first, vint *second)
{
    const vint x = _mm512_permutex2var_epi64(low, _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), high);
    *second = _mm512_permutex2var_epi64(low, _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15), high);
    *first = x;
}

ASSAY_INLINE vint vi_add(vint x, vint y)
{
    return _mm512_add_epi32(x, y);
}

ASSAY_INLINE vint vi_sub(vint x, vint y)
{
    return _mm512_sub_epi32(x, y);
}

ASSAY_INLINE vint vi_mul(vint x, vint y)
{
    return _mm512_mullo_epi32(x, y);
}

ASSAY_INLINE vint vi_min(vint x, vint y)
{
    return _mm512_min_epi32(x, y);
}

ASSAY_INLINE vint vi_max(vint x, vint y)
{
    return _mm512_max_epi32(x, y);
}

ASSAY_INLINE vint vi_xor(vint x, vint y)
{
    return _mm512_xor_si512(x, y);
}

/* Zeros come in. */
ASSAY_INLINE vint vi_shift_right(vint x, int count)
{
    return _mm512_srl_epi32(x, _mm_cvtsi32_si128(count));
}

/* By the lanes of `count`, 0 to 31. */
ASSAY_INLINE vint vi_shift_right_signed(vint x, vint count)
{
    return _mm512_srav_epi32(x, count);
}

/* The upper halves of the products of unsigned 16-bit lanes. */
ASSAY_INLINE vint vi_mul_high_u16(vint x, vint y)
{
    return _mm512_mulhi_epu16(x, y);
}

/* The upper 16 bits of each lane, signed, and the lower ones, unsigned. */
ASSAY_INLINE vint vi_upper_word(vint x)
{
    return _mm512_srai_epi32(x, 16);
}

ASSAY_INLINE vint vi_lower_word(vint x)
{
    return _mm512_and_si512(x, _mm512_set1_epi32(0xFFFF));
}

ASSAY_INLINE vfloat vi_to_float(vint x)
{
    return _mm512_cvtepi32_ps(x);
}

/* sum + x[2i] * y[2i] + x[2i + 1] * y[2i + 1], int16 lanes; exact. */
ASSAY_INLINE vint vi_dot2(vint sum, vint x, vint y)
{
#ifdef __AVX512VNNI__
    return _mm512_dpwssd_epi32(sum, x, y);
#else
    return _mm512_add_epi32(sum, _mm512_madd_epi16(x, y));
#endif
}

#ifdef __AVX512VNNI__
#define ASSAY_SIMD_DOT4
/* sum + the four products of unsigned bytes of x and signed bytes of y; exact. */
ASSAY_INLINE vint vi_dot4(vint sum, vint x, vint y)
{
    return _mm512_dpbusd_epi32(sum, x, y);
}
#endif

/* assay_rescale() (kernels/core/fixed_point.h) in each lane. */
ASSAY_INLINE vint vi_rescale(vint x, vint multiplier, vint shift)
{
    const vint zero = _mm512_setzero_si512(), half = _mm512_set1_epi64(INT64_C(1) << 30);
    const vint left = _mm512_max_epi32(shift, zero), right = _mm512_sub_epi32(left, shift);
    const vint a = _mm512_sllv_epi32(x, left);
    const vint even = _mm512_add_epi64(_mm512_mul_epi32(a, multiplier), half);
    const vint odd =
        _mm512_add_epi64(_mm512_mul_epi32(_mm512_srli_epi64(a, 32), _mm512_srli_epi64(multiplier, 32)), half);
    /* Bits 31 to 62 of each sum, brought to the half of the lane they belong in. */
    const vint b = _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(even, 31), _mm512_slli_epi64(odd, 1));
    const vint one = _mm512_set1_epi32(1), mask = _mm512_sub_epi32(_mm512_sllv_epi32(one, right), one);
    const vint threshold = _mm512_add_epi32(_mm512_srli_epi32(mask, 1), _mm512_srli_epi32(b, 31));
    const __mmask16 up = _mm512_cmpgt_epi32_mask(_mm512_and_si512(b, mask), threshold);
    const vint down = _mm512_srav_epi32(b, right);
    return _mm512_mask_add_epi32(down, up, down, one);
}

/* Narrowed with saturation. */
ASSAY_INLINE void vi_store_part_i8(int8_t *to, size_t count, vint x)
{
    const __m128i bytes = _mm512_cvtsepi32_epi8(x);
    if (count >= LANES)
        _mm_storeu_si128((__m128i *)(void *)to, bytes);
    else
        _mm_mask_storeu_epi8(to, first_lanes(count), bytes);
}

/* "vq": as LANES / 2 lanes of 64 bits. */
ASSAY_INLINE vint vq_set1(int64_t x)
{
    return _mm512_set1_epi64(x);
}

ASSAY_INLINE vint vq_add(vint x, vint y)
{
    return _mm512_add_epi64(x, y);
}

ASSAY_INLINE vint vq_sub(vint x, vint y)
{
    return _mm512_sub_epi64(x, y);
}

/* The product of the lower halves of each lane, as int32. */
ASSAY_INLINE vint vq_mul_low(vint x, vint y)
{
    return _mm512_mul_epi32(x, y);
}

/* Shifts by the lanes of `count`, 0 to 63. */
ASSAY_INLINE vint vq_shift_left(vint x, vint count)
{
    return _mm512_sllv_epi64(x, count);
}

ASSAY_INLINE vint vq_shift_right_signed(vint x, vint count)
{
    return _mm512_srav_epi64(x, count);
}

/* The upper half of each lane as its lower one: zeros, or the sign, above. */
ASSAY_INLINE vint vq_upper(vint x)
{
    return _mm512_srli_epi64(x, 32);
}

ASSAY_INLINE vint vq_lower(vint x)
{
    return _mm512_maskz_mov_epi32(0x5555, x);
}

/* The lower halves of both: those of `even` in the lower halves of the result. */
ASSAY_INLINE vint vq_interleave(vint even, vint odd)
{
    return _mm512_mask_blend_epi32(0xAAAA, even, _mm512_slli_epi64(odd, 32));
}

/* The even and the odd ones of LANES int64. */
ASSAY_INLINE void vq_load_even_odd(const int64_t *from, vint *even, vint *odd)
{
    const vint low = vi_load(from), high = vi_load(from + LANES / 2);
    *even = _mm512_permutex2var_epi64(low, _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), high);
    *odd = _mm512_permutex2var_epi64(low, _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15), high);
}

/* Narrowed with saturation. */
ASSAY_INLINE void vi_store_part_i16(int16_t *to, size_t count, vint x)
{
    const __m256i words = _mm512_cvtsepi32_epi16(x);
    if (count >= LANES)
        _mm256_storeu_si256((__m256i *)(void *)to, words);
    else
        _mm256_mask_storeu_epi16(to, first_lanes(count), words);
}

/* x and then y as int16 in [min, max], min and max each in all lanes; saturated. */
ASSAY_INLINE vint vi_narrow2_i16(vint x, vint y, vint min, vint max)
{
    vint words = _mm512_packs_epi32(x, y); /* fours of x and y by turns */
    words = _mm512_min_epi16(_mm512_max_epi16(words, min), max);
    return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), words);
}

/* 2 * LANES int16, and the first half or the second. */
ASSAY_INLINE void vi_store_part_words(int16_t *to, size_t count, vint words)
{
    if (count >= 2 * LANES)
        vi_store(to, words);
    else
        _mm512_mask_storeu_epi16(to, ((__mmask32)1 << count) - 1, words);
}

ASSAY_INLINE void vi_store_part_half(int16_t *to, size_t count, vint words, const bool second)
{
    const __m256i half = second ? _mm512_extracti64x4_epi64(words, 1) : _mm512_castsi512_si256(words);
    if (count >= LANES)
        _mm256_storeu_si256((__m256i *)(void *)to, half);
    else
        _mm256_mask_storeu_epi16(to, first_lanes(count), half);
}

#endif
