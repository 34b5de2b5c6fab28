/* int8, 64 sums at once, in float: for 16 of them two widening loads, two conversions, two multiply-adds and one
 * conversion back; narrowing, the zero point and the range are common to 64. 36 vector instructions for 64 sums: bound
 * by them, not by its 9 loads and stores. The last sums go through masks. */
#include "kernels/add/integer.h"

#include <immintrin.h>

struct formula {
    __m512 a_factor, b_factor, offset;
    __m512i zero, low, high, order;
};

static inline struct formula formula_of(const struct assay_add_integer *packed)
{
    return (struct formula){
        .a_factor = _mm512_set1_ps(packed->a_factor),
        .b_factor = _mm512_set1_ps(packed->b_factor),
        .offset = _mm512_set1_ps(packed->offset),
        .zero = _mm512_set1_epi16((int16_t)packed->sum.zero),
        .low = _mm512_set1_epi8((int8_t)packed->low),
        .high = _mm512_set1_epi8((int8_t)packed->high),
        /* Packing takes 128 bits of each source in turn: of every quarter's words the four that follow one another. */
        .order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15),
    };
}

static inline __m512i sum16(const struct formula *f, __m128i a, __m128i b)
{
    const __m512 real_a = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(a));
    const __m512 real_b = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(b));
    const __m512 sum = _mm512_fmadd_ps(real_a, f->a_factor, _mm512_fmadd_ps(real_b, f->b_factor, f->offset));
    return _mm512_cvtps_epi32(sum);
}

static inline __m512i narrow(const struct formula *f, __m512i q0, __m512i q1, __m512i q2, __m512i q3)
{
    const __m512i first = _mm512_adds_epi16(_mm512_packs_epi32(q0, q1), f->zero);
    const __m512i second = _mm512_adds_epi16(_mm512_packs_epi32(q2, q3), f->zero);
    const __m512i bytes = _mm512_permutexvar_epi32(f->order, _mm512_packs_epi16(first, second));
    return _mm512_min_epi8(_mm512_max_epi8(bytes, f->low), f->high);
}

static inline __m128i load16(const int8_t *from)
{
    return _mm_loadu_si128((const __m128i *)(const void *)from);
}

static void fitted(const struct assay_add_integer *packed, const int8_t *a, const int8_t *b, int8_t *out, size_t count)
{
    const struct formula f = formula_of(packed);
    size_t i = 0;
    for (; count - i >= 64; i += 64) {
        const __m512i q0 = sum16(&f, load16(a + i), load16(b + i));
        const __m512i q1 = sum16(&f, load16(a + i + 16), load16(b + i + 16));
        const __m512i q2 = sum16(&f, load16(a + i + 32), load16(b + i + 32));
        const __m512i q3 = sum16(&f, load16(a + i + 48), load16(b + i + 48));
        _mm512_storeu_si512(out + i, narrow(&f, q0, q1, q2, q3));
    }
    for (; i < count; i += 16) {
        const __mmask16 mask = count - i < 16 ? (__mmask16)((1U << (count - i)) - 1) : (__mmask16)0xFFFF;
        const __m512i q = sum16(&f, _mm_maskz_loadu_epi8(mask, a + i), _mm_maskz_loadu_epi8(mask, b + i));
        _mm_mask_storeu_epi8(out + i, mask, _mm512_castsi512_si128(narrow(&f, q, q, q, q)));
    }
}

#include "kernels/add/byte_run.h"

ASSAY_ADD_INTEGER_KERNEL(add_i8_avx512, ASSAY_MODE_INT8, 64, .pack = pack);
