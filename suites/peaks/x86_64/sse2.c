/* SSE2: 128 bits, products and sums apart. */
#include "suites/peaks/loops.h"

#include <emmintrin.h>

#define IN_REGISTER "x"
#define VECTOR __m128i
#include "suites/peaks/macs.inc"
#include "suites/peaks/memory.inc"

static inline __m128 mac_f32(__m128 sum, __m128 a, __m128 b)
{
    return _mm_add_ps(sum, _mm_mul_ps(a, b));
}

static inline __m128i mac_i16(__m128i sum, __m128i a, __m128i b)
{
    return _mm_add_epi32(sum, _mm_madd_epi16(a, b));
}

MACS_LOOP(f32, 10, __m128, _mm_setzero_ps(), __m128, _mm_set1_ps(1.37F), _mm_set1_ps(0.73F), mac_f32, 4)
MACS_LOOP(i16, 10, __m128i, _mm_setzero_si128(), __m128i, _mm_set1_epi16(-1234), _mm_set1_epi16(567), mac_i16, 8)

extern const struct peak_isa peak_isa_sse2;
const struct peak_isa peak_isa_sse2 = {
    .name = "sse2",
    .macs = {[PEAK_F32] = f32, [PEAK_I16] = i16},
    .read = read_bytes,
    .write = write_bytes,
    .copy = copy_bytes,
    .mix = mix_bytes,
};
