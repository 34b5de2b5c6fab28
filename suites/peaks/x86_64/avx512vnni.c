/* AVX-512 VNNI: vpdpbusd (unsigned by signed bytes) and vpdpwssd (pairs of 16 bits), products and sums in one. */
#include "suites/peaks/loops.h"

#include <immintrin.h>

#define IN_REGISTER "v"
#include "suites/peaks/macs.inc"

/* In place of the intrinsic, of which clang 19 makes vpmaddwd and vpaddd again: for its generic CPU these two have the
 * shorter latency, and a sixth less throughput on Zen 4. */
static inline __m512i mac_i16(__m512i sum, __m512i a, __m512i b)
{
    __asm__("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b));
    return sum;
}

MACS_LOOP(i16, 16, __m512i, _mm512_setzero_si512(), __m512i, _mm512_set1_epi16(-1234), _mm512_set1_epi16(567), mac_i16,
          32)
MACS_LOOP(i8, 16, __m512i, _mm512_setzero_si512(), __m512i, _mm512_set1_epi8(97), _mm512_set1_epi8(-53),
          _mm512_dpbusd_epi32, 64)

extern const struct peak_isa peak_isa_avx512vnni;
const struct peak_isa peak_isa_avx512vnni = {
    .name = "avx512vnni",
    .features =
        ASSAY_FEATURE_AVX2 | ASSAY_FEATURE_FMA | ASSAY_FEATURE_F16C | ASSAY_FEATURE_AVX512 | ASSAY_FEATURE_AVX512VNNI,
    .macs = {[PEAK_I16] = i16, [PEAK_I8] = i8},
};
