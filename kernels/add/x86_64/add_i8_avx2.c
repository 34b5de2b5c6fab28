/* int8, 32 sums at once, in float: for 8 of them two widening loads, two conversions, two multiply-adds and one
 * conversion back; narrowing, the zero point and the range are common to 32. 36 vector instructions for 32 sums: bound
 * by them, not by its 9 loads and stores. The last sums are made in copies of 32. */
#include "kernels/add/integer.h"

#include <immintrin.h>
#include <string.h>

enum { SUMS = 32 };

struct formula {
    __m256 a_factor, b_factor, offset;
    __m256i zero, low, high, order;
};

static inline struct formula formula_of(const struct assay_add_integer *packed)
{
    return (struct formula){
        .a_factor = _mm256_set1_ps(packed->a_factor),
        .b_factor = _mm256_set1_ps(packed->b_factor),
        .offset = _mm256_set1_ps(packed->offset),
        .zero = _mm256_set1_epi16((int16_t)packed->sum.zero),
        .low = _mm256_set1_epi8((int8_t)packed->low),
        .high = _mm256_set1_epi8((int8_t)packed->high),
        /* Packing takes 128 bits of each source in turn. */
        .order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7),
    };
}

static inline __m256 widen8(const int8_t *from)
{
    return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)from)));
}

static inline __m256i sum8(const struct formula *f, const int8_t *a, const int8_t *b)
{
    const __m256 sum = _mm256_fmadd_ps(widen8(a), f->a_factor, _mm256_fmadd_ps(widen8(b), f->b_factor, f->offset));
    return _mm256_cvtps_epi32(sum);
}

static inline void sum32(const struct formula *f, const int8_t *a, const int8_t *b, int8_t *out)
{
    const __m256i q0 = sum8(f, a, b), q1 = sum8(f, a + 8, b + 8);
    const __m256i q2 = sum8(f, a + 16, b + 16), q3 = sum8(f, a + 24, b + 24);
    const __m256i first = _mm256_adds_epi16(_mm256_packs_epi32(q0, q1), f->zero);
    const __m256i second = _mm256_adds_epi16(_mm256_packs_epi32(q2, q3), f->zero);
    const __m256i bytes = _mm256_permutevar8x32_epi32(_mm256_packs_epi16(first, second), f->order);
    _mm256_storeu_si256((__m256i *)(void *)out, _mm256_min_epi8(_mm256_max_epi8(bytes, f->low), f->high));
}

static void fitted(const struct assay_add_integer *packed, const int8_t *a, const int8_t *b, int8_t *out, size_t count)
{
    const struct formula f = formula_of(packed);
    size_t i = 0;
    for (; count - i >= SUMS; i += SUMS)
        sum32(&f, a + i, b + i, out + i);
    if (i < count) {
        int8_t last_a[SUMS] = {0}, last_b[SUMS] = {0}, last[SUMS];
        memcpy(last_a, a + i, count - i);
        memcpy(last_b, b + i, count - i);
        sum32(&f, last_a, last_b, last);
        memcpy(out + i, last, count - i);
    }
}

#include "kernels/add/byte_run.h"

ASSAY_ADD_INTEGER_KERNEL(add_i8_avx2, ASSAY_MODE_INT8, SUMS, .pack = pack);
