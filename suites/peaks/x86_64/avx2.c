/* AVX2 and FMA: 256 bits. int8 goes by vpmaddubsw, vpmaddwd, vpaddd: 32 products in three instructions. */
#include "suites/peaks/loops.h"

#include <immintrin.h>

#define IN_REGISTER "x"
#define VECTOR __m256i
#include "suites/peaks/macs.inc"
#include "suites/peaks/memory.inc"

static inline __m256 mac_f32(__m256 sum, __m256 a, __m256 b)
{
    return _mm256_fmadd_ps(a, b, sum);
}

static inline __m256i mac_i16(__m256i sum, __m256i a, __m256i b)
{
    return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
}

static inline __m256i mac_i8(__m256i sum, __m256i a, __m256i b)
{
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), _mm256_set1_epi16(1)));
}

MACS_LOOP(f32, 12, __m256, _mm256_setzero_ps(), __m256, _mm256_set1_ps(1.37F), _mm256_set1_ps(0.73F), mac_f32, 8)
MACS_LOOP(i16, 12, __m256i, _mm256_setzero_si256(), __m256i, _mm256_set1_epi16(-1234), _mm256_set1_epi16(567), mac_i16,
          16)
MACS_LOOP(i8, 12, __m256i, _mm256_setzero_si256(), __m256i, _mm256_set1_epi8(97), _mm256_set1_epi8(-53), mac_i8, 32)

extern const struct peak_isa peak_isa_avx2;
const struct peak_isa peak_isa_avx2 = {
    .name = "avx2",
    .features = ASSAY_FEATURE_AVX2 | ASSAY_FEATURE_FMA | ASSAY_FEATURE_F16C,
    .macs = {[PEAK_F32] = f32, [PEAK_I16] = i16, [PEAK_I8] = i8},
    .read = read_bytes,
    .write = write_bytes,
    .copy = copy_bytes,
    .mix = mix_bytes,
};
