/* AVX-512 without VNNI: 512 bits; int8 as in AVX2. */
#include "suites/peaks/loops.h"

#include <immintrin.h>

#define IN_REGISTER "v"
#define VECTOR __m512i
#include "suites/peaks/macs.inc"
#include "suites/peaks/memory.inc"

static inline __m512 mac_f32(__m512 sum, __m512 a, __m512 b)
{
    return _mm512_fmadd_ps(a, b, sum);
}

static inline __m512i mac_i16(__m512i sum, __m512i a, __m512i b)
{
    return _mm512_add_epi32(sum, _mm512_madd_epi16(a, b));
}

static inline __m512i mac_i8(__m512i sum, __m512i a, __m512i b)
{
    return _mm512_add_epi32(sum, _mm512_madd_epi16(_mm512_maddubs_epi16(a, b), _mm512_set1_epi16(1)));
}

MACS_LOOP(f32, 16, __m512, _mm512_setzero_ps(), __m512, _mm512_set1_ps(1.37F), _mm512_set1_ps(0.73F), mac_f32, 16)
MACS_LOOP(i16, 16, __m512i, _mm512_setzero_si512(), __m512i, _mm512_set1_epi16(-1234), _mm512_set1_epi16(567), mac_i16,
          32)
MACS_LOOP(i8, 16, __m512i, _mm512_setzero_si512(), __m512i, _mm512_set1_epi8(97), _mm512_set1_epi8(-53), mac_i8, 64)

extern const struct peak_isa peak_isa_avx512;
const struct peak_isa peak_isa_avx512 = {
    .name = "avx512",
    .features = ASSAY_FEATURE_AVX2 | ASSAY_FEATURE_FMA | ASSAY_FEATURE_F16C | ASSAY_FEATURE_AVX512,
    .macs = {[PEAK_F32] = f32, [PEAK_I16] = i16, [PEAK_I8] = i8},
    .read = read_bytes,
    .write = write_bytes,
    .copy = copy_bytes,
    .mix = mix_bytes,
};
