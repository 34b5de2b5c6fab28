/* simd.h for SSE4.1: 4 lanes. What it lacks is made of what it has, exactly: a fused multiply-add is a multiplication
 * and an addition, each rounded; shifts by lane are multiplications by powers of two; f16 is converted by integers. */
#ifndef ASSAY_KERNELS_CORE_X86_64_SIMD_SSE41_H
#define ASSAY_KERNELS_CORE_X86_64_SIMD_SSE41_H

#include "kernels/core/x86_64/parts.h"

enum { LANES = 4 };
typedef __m128 vfloat;
typedef __m128i vint;

ASSAY_INLINE vfloat vf_zero(void)
{
    return _mm_setzero_ps();
}

ASSAY_INLINE vfloat vf_set1(float x)
{
    return _mm_set1_ps(x);
}

ASSAY_INLINE vfloat vf_load_f32(const float *from)
{
    return _mm_loadu_ps(from);
}

/* The low half of each 32 bits is an f16, the high half 0. As the bits of a float, exponent and significand stand for
 * 2^-112 of the number; a subnormal one gets its leading bit back from a subtraction, which is exact. */
ASSAY_INLINE vfloat vf_from_f16_bits(__m128i half)
{
    const __m128i bits = _mm_slli_epi32(_mm_and_si128(half, _mm_set1_epi32(0x7FFF)), 13);
    const __m128i sign = _mm_slli_epi32(_mm_xor_si128(half, _mm_and_si128(half, _mm_set1_epi32(0x7FFF))), 16);
    const __m128i rebias = _mm_set1_epi32(112 << 23), least = _mm_set1_epi32(113 << 23);
    const __m128i special = _mm_cmpgt_epi32(bits, _mm_set1_epi32((0x7C00 << 13) - 1)); /* infinite, or a NaN */
    const __m128i normal = _mm_add_epi32(_mm_add_epi32(bits, rebias), _mm_and_si128(special, rebias));
    const __m128 subnormal = _mm_sub_ps(_mm_castsi128_ps(_mm_add_epi32(bits, least)), _mm_castsi128_ps(least));
    const __m128i is_subnormal = _mm_cmpgt_epi32(_mm_set1_epi32(1 << 23), bits);
    const __m128 x = _mm_blendv_ps(_mm_castsi128_ps(normal), subnormal, _mm_castsi128_ps(is_subnormal));
    return _mm_or_ps(x, _mm_castsi128_ps(sign));
}

ASSAY_INLINE vfloat vf_load_f16(const assay_f16 *from)
{
    return vf_from_f16_bits(_mm_cvtepu16_epi32(_mm_loadl_epi64((const __m128i *)(const void *)from)));
}

/* Half vectors: LANES / 2 lanes, in the lower half of a whole one. */
typedef __m128 vhalf;

ASSAY_INLINE vhalf vh_load_f32(const float *from)
{
    return _mm_castsi128_ps(_mm_loadl_epi64((const __m128i *)(const void *)from));
}

ASSAY_INLINE vhalf vh_load_f16(const assay_f16 *from)
{
    int32_t bits;
    memcpy(&bits, from, sizeof(bits));
    return vf_from_f16_bits(_mm_cvtepu16_epi32(_mm_cvtsi32_si128(bits)));
}

ASSAY_INLINE vhalf vh_zero(void)
{
    return _mm_setzero_ps();
}

ASSAY_INLINE vhalf vh_fma(vhalf x, vhalf y, vhalf sum)
{
    return _mm_add_ps(_mm_mul_ps(x, y), sum);
}

ASSAY_INLINE vhalf vh_add(vhalf x, vhalf y)
{
    return _mm_add_ps(x, y);
}

ASSAY_INLINE vhalf vf_low(vfloat x)
{
    return x;
}

ASSAY_INLINE vfloat vf_from_half(vhalf x)
{
    return x;
}

ASSAY_INLINE vfloat vf_load_part_f32(const float *from, size_t count)
{
    return count >= LANES ? vf_load_f32(from) : _mm_castsi128_ps(load_part(from, count * sizeof(*from)));
}

ASSAY_INLINE vfloat vf_load_part_f16(const assay_f16 *from, size_t count)
{
    if (count >= LANES)
        return vf_load_f16(from);
    assay_f16 part[LANES] = {0};
    memcpy(part, from, count * sizeof(*from));
    return vf_load_f16(part);
}

ASSAY_INLINE void vf_store(float *to, vfloat x)
{
    _mm_storeu_ps(to, x);
}

ASSAY_INLINE void vf_store_part_f32(float *to, size_t count, vfloat x)
{
    if (count >= LANES)
        _mm_storeu_ps(to, x);
    else
        store_part(to, count * sizeof(*to), _mm_castps_si128(x));
}

/* To nearest, ties to even, in the low half of each 32 bits: of a normal number by adding just under half a unit to its
 * bits, of one that becomes subnormal by the addition of 1/2, whose last bit is the least f16. */
ASSAY_INLINE __m128i vi_f16_bits(vfloat x)
{
    const __m128i bits = _mm_and_si128(_mm_castps_si128(x), _mm_set1_epi32(0x7FFFFFFF));
    const __m128i sign = _mm_srli_epi32(_mm_xor_si128(_mm_castps_si128(x), bits), 16);
    const __m128i odd = _mm_and_si128(_mm_srli_epi32(bits, 13), _mm_set1_epi32(1));
    const __m128i rounded = _mm_add_epi32(_mm_add_epi32(bits, odd), _mm_set1_epi32(0xFFF - (112 << 23)));
    const __m128 half = _mm_set1_ps(0.5f);
    const __m128i subnormal =
        _mm_sub_epi32(_mm_castps_si128(_mm_add_ps(_mm_castsi128_ps(bits), half)), _mm_castps_si128(half));
    const __m128i is_subnormal = _mm_cmpgt_epi32(_mm_set1_epi32(113 << 23), bits);
    const __m128i finite = _mm_blendv_epi8(_mm_srli_epi32(rounded, 13), subnormal, is_subnormal);
    const __m128i is_nan = _mm_cmpgt_epi32(bits, _mm_set1_epi32(0x7F800000));
    const __m128i special = _mm_or_si128(_mm_set1_epi32(0x7C00), _mm_and_si128(is_nan, _mm_set1_epi32(0x200)));
    const __m128i is_special = _mm_cmpgt_epi32(bits, _mm_set1_epi32(0x477FEFFF)); /* 65520 and above */
    return _mm_or_si128(_mm_blendv_epi8(finite, special, is_special), sign);
}

ASSAY_INLINE void vf_store_part_f16(assay_f16 *to, size_t count, vfloat x)
{
    const __m128i wide = vi_f16_bits(x), half = _mm_packus_epi32(wide, wide);
    if (count >= LANES)
        _mm_storel_epi64((__m128i *)(void *)to, half);
    else
        memcpy(to, &half, count * sizeof(*to));
}

ASSAY_INLINE vfloat vf_fma(vfloat x, vfloat y, vfloat sum)
{
    return _mm_add_ps(_mm_mul_ps(x, y), sum);
}

ASSAY_INLINE vfloat vf_add(vfloat x, vfloat y)
{
    return _mm_add_ps(x, y);
}

ASSAY_INLINE vfloat vf_mul(vfloat x, vfloat y)
{
    return _mm_mul_ps(x, y);
}

/* x < y ? x : y, and so y where one is a NaN. */
ASSAY_INLINE vfloat vf_min(vfloat x, vfloat y)
{
    return _mm_min_ps(x, y);
}

ASSAY_INLINE vfloat vf_max(vfloat x, vfloat y)
{
    return _mm_max_ps(x, y);
}

ASSAY_INLINE float vf_reduce_min(vfloat x)
{
    const __m128 y = _mm_min_ps(x, _mm_movehl_ps(x, x));
    return _mm_cvtss_f32(_mm_min_ss(y, _mm_movehdup_ps(y)));
}

ASSAY_INLINE float vf_reduce_max(vfloat x)
{
    const __m128 y = _mm_max_ps(x, _mm_movehl_ps(x, x));
    return _mm_cvtss_f32(_mm_max_ss(y, _mm_movehdup_ps(y)));
}

/* To nearest, ties to even. */
ASSAY_INLINE vint vf_round(vfloat x)
{
    return _mm_cvtps_epi32(x);
}

ASSAY_INLINE vint vi_zero(void)
{
    return _mm_setzero_si128();
}

ASSAY_INLINE vint vi_set1(int32_t x)
{
    return _mm_set1_epi32(x);
}

/* 4 * LANES bytes of any element type. */
ASSAY_INLINE vint vi_load(const void *from)
{
    return _mm_loadu_si128((const __m128i *)from);
}

ASSAY_INLINE vint vi_load_part_bytes(const void *from, size_t count)
{
    return count >= sizeof(vint) ? vi_load(from) : load_part(from, count);
}

ASSAY_INLINE vfloat vf_from_bits(vint x)
{
    return _mm_castsi128_ps(x);
}

ASSAY_INLINE vint vi_from_float_bits(vfloat x)
{
    return _mm_castps_si128(x);
}

/* The matrix whose rows are x[0] to x[LANES - 1], of 32-bit elements, in place. */
ASSAY_INLINE void vi_transpose(vint *x)
{
    const vint low01 = _mm_unpacklo_epi32(x[0], x[1]), high01 = _mm_unpackhi_epi32(x[0], x[1]);
    const vint low23 = _mm_unpacklo_epi32(x[2], x[3]), high23 = _mm_unpackhi_epi32(x[2], x[3]);
    x[0] = _mm_unpacklo_epi64(low01, low23);
    x[1] = _mm_unpackhi_epi64(low01, low23);
    x[2] = _mm_unpacklo_epi64(high01, high23);
    x[3] = _mm_unpackhi_epi64(high01, high23);
}

/* The matrix whose rows are the LANES 32-bit elements at from[0] + at, from[1] + at …, transposed. */
ASSAY_INLINE void vi_load_transposed(const char *const *from, size_t at, vint *x)
{
    ASSAY_UNROLL
    for (size_t i = 0; i < LANES; i++)
        x[i] = vi_load(from[i] + at);
    vi_transpose(x);
}

ASSAY_INLINE void vi_store(void *to, vint x)
{
    _mm_storeu_si128((__m128i *)to, x);
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
    return _mm_cvtepi8_epi16(_mm_loadl_epi64((const __m128i *)(const void *)from));
}

ASSAY_INLINE vint vi_load_part_i8_as_i16(const int8_t *from, size_t count)
{
    return count >= 2 * LANES ? vi_load_i8_as_i16(from) : _mm_cvtepi8_epi16(load_part(from, count));
}

ASSAY_INLINE vint vi_load_part_i16(const int16_t *from, size_t count)
{
    return vi_load_part_bytes(from, count * sizeof(*from));
}

/* Pairs (x[i], y[i]) of int16: those of the first and of the second half of each group of 8. */
ASSAY_INLINE vint vi_pairs_low(vint x, vint y)
{
    return _mm_unpacklo_epi16(x, y);
}

ASSAY_INLINE vint vi_pairs_high(vint x, vint y)
{
    return _mm_unpackhi_epi16(x, y);
}

/* From 32-bit lanes in the orders of vi_pairs_low and vi_pairs_high back to the plain order: here they are in it. */
ASSAY_INLINE void vi_unpair(vint low, vint high, vint *first, vint *second)
{
    *first = low;
    *second = high;
}

ASSAY_INLINE vint vi_add(vint x, vint y)
{
    return _mm_add_epi32(x, y);
}

ASSAY_INLINE vint vi_sub(vint x, vint y)
{
    return _mm_sub_epi32(x, y);
}

ASSAY_INLINE vint vi_mul(vint x, vint y)
{
    return _mm_mullo_epi32(x, y);
}

ASSAY_INLINE vint vi_min(vint x, vint y)
{
    return _mm_min_epi32(x, y);
}

ASSAY_INLINE vint vi_max(vint x, vint y)
{
    return _mm_max_epi32(x, y);
}

ASSAY_INLINE vint vi_xor(vint x, vint y)
{
    return _mm_xor_si128(x, y);
}

/* Zeros come in. */
ASSAY_INLINE vint vi_shift_right(vint x, int count)
{
    return _mm_srl_epi32(x, _mm_cvtsi32_si128(count));
}

/* The upper 16 bits of each lane, signed, and the lower ones, unsigned. */
ASSAY_INLINE vint vi_upper_word(vint x)
{
    return _mm_srai_epi32(x, 16);
}

ASSAY_INLINE vint vi_lower_word(vint x)
{
    return _mm_blend_epi16(x, _mm_setzero_si128(), 0xAA);
}

ASSAY_INLINE vfloat vi_to_float(vint x)
{
    return _mm_cvtepi32_ps(x);
}

/* sum + x[2i] * y[2i] + x[2i + 1] * y[2i + 1], int16 lanes; exact. */
ASSAY_INLINE vint vi_dot2(vint sum, vint x, vint y)
{
    return _mm_add_epi32(sum, _mm_madd_epi16(x, y));
}

/* 2^x in each lane as an integer, x in 0 to 30: a float whose exponent is x. */
ASSAY_INLINE vint vi_power_of_two(vint x)
{
    const vint bits = _mm_slli_epi32(_mm_add_epi32(x, _mm_set1_epi32(127)), 23);
    return _mm_cvttps_epi32(_mm_castsi128_ps(bits));
}

/* floor((x * y + 2^30) / 2^31) */
ASSAY_INLINE vint vi_doubling_high(vint x, vint y)
{
    const vint half = _mm_set1_epi64x(INT64_C(1) << 30);
    const vint even = _mm_add_epi64(_mm_mul_epi32(x, y), half);
    const vint odd = _mm_add_epi64(_mm_mul_epi32(_mm_srli_epi64(x, 32), _mm_srli_epi64(y, 32)), half);
    /* Bits 31 to 62 of each sum, brought to the half of the lane they belong in. */
    return _mm_blend_epi16(_mm_srli_epi64(even, 31), _mm_slli_epi64(odd, 1), 0xCC);
}

/* assay_rescale() (kernels/core/fixed_point.h) in each lane. Its rounding shift to the right is a doubling high
 * multiplication by 2^(31 - right), which rounds ties up: with 1 less below zero, away from it. */
ASSAY_INLINE vint vi_rescale(vint x, vint multiplier, vint shift)
{
    const vint zero = _mm_setzero_si128();
    const vint left = _mm_max_epi32(shift, zero), right = _mm_sub_epi32(left, shift);
    const vint b = vi_doubling_high(_mm_mullo_epi32(x, vi_power_of_two(left)), multiplier);
    if (_mm_testz_si128(right, right))
        return b;
    const vint factor = vi_power_of_two(_mm_sub_epi32(_mm_set1_epi32(31), right));
    const vint shifted = vi_doubling_high(_mm_add_epi32(b, _mm_srai_epi32(b, 31)), factor);
    return _mm_blendv_epi8(b, shifted, _mm_cmpgt_epi32(right, zero));
}

/* Narrowed with saturation. */
ASSAY_INLINE void vi_store_part_i8(int8_t *to, size_t count, vint x)
{
    const __m128i wide = _mm_packs_epi32(x, x);
    const int32_t bytes = _mm_cvtsi128_si32(_mm_packs_epi16(wide, wide));
    memcpy(to, &bytes, count >= LANES ? LANES : count);
}

/* "vq": as LANES / 2 lanes of 64 bits. */
ASSAY_INLINE vint vq_set1(int64_t x)
{
    return _mm_set1_epi64x(x);
}

ASSAY_INLINE vint vq_add(vint x, vint y)
{
    return _mm_add_epi64(x, y);
}

ASSAY_INLINE vint vq_sub(vint x, vint y)
{
    return _mm_sub_epi64(x, y);
}

/* The product of the lower halves of each lane, as int32. */
ASSAY_INLINE vint vq_mul_low(vint x, vint y)
{
    return _mm_mul_epi32(x, y);
}

/* Shifts by the lanes of `count`, 0 to 63. */
ASSAY_INLINE vint vq_shift_left(vint x, vint count)
{
    return _mm_blend_epi16(_mm_sll_epi64(x, count), _mm_sll_epi64(x, _mm_unpackhi_epi64(count, count)), 0xF0);
}

ASSAY_INLINE vint vq_shift_right(vint x, vint count)
{
    return _mm_blend_epi16(_mm_srl_epi64(x, count), _mm_srl_epi64(x, _mm_unpackhi_epi64(count, count)), 0xF0);
}

ASSAY_INLINE vint vq_shift_right_signed(vint x, vint count)
{
    const vint sign = _mm_set1_epi64x(INT64_MIN); /* moved up to be unsigned, and back after the shift */
    return _mm_sub_epi64(vq_shift_right(_mm_xor_si128(x, sign), count), vq_shift_right(sign, count));
}

/* The upper half of each lane as its lower one: zeros, or the sign, above. */
ASSAY_INLINE vint vq_upper(vint x)
{
    return _mm_srli_epi64(x, 32);
}

ASSAY_INLINE vint vq_lower(vint x)
{
    return _mm_blend_epi16(x, _mm_setzero_si128(), 0xCC);
}

/* The lower halves of both: those of `even` in the lower halves of the result. */
ASSAY_INLINE vint vq_interleave(vint even, vint odd)
{
    return _mm_blend_epi16(even, _mm_slli_epi64(odd, 32), 0xCC);
}

/* The even and the odd ones of LANES int64. */
ASSAY_INLINE void vq_load_even_odd(const int64_t *from, vint *even, vint *odd)
{
    const vint low = vi_load(from), high = vi_load(from + LANES / 2);
    *even = _mm_unpacklo_epi64(low, high);
    *odd = _mm_unpackhi_epi64(low, high);
}

/* Narrowed with saturation. */
ASSAY_INLINE void vi_store_part_i16(int16_t *to, size_t count, vint x)
{
    const __m128i words = _mm_packs_epi32(x, x);
    memcpy(to, &words, (count >= LANES ? LANES : count) * sizeof(*to));
}

#endif
