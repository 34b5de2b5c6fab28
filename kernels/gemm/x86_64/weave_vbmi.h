/* Weaving lines (struct assay_igemm_weave) with AVX-512 VBMI: as many pixels at once as fit a vector, of which each
 * line gives its bytes by one permutation. 7 pixels of 3 lines of 3 bytes are 3 loads, 3 permutations and a store,
 * which take 4 cycles: the store crosses a line of the cache. */
#ifndef ASSAY_KERNELS_GEMM_X86_64_WEAVE_VBMI_H
#define ASSAY_KERNELS_GEMM_X86_64_WEAVE_VBMI_H

#include "kernels/core/x86_64/simd.h"
#include "kernels/gemm/igemm.h"

#include <string.h>

enum { WEAVE_BYTES = ASSAY_WEAVE_BYTES, LINE_BYTES = WEAVE_BYTES / 2 };

/* A vector of woven pixels: byte j is byte from[j] of those from where its line is read on, which is line t where bit j
 * of mine[t] is set. */
struct weave_pattern {
    __m512i from;
    __mmask64 mine[ASSAY_WEAVE_TAPS];
};

ASSAY_INLINE __mmask64 weave_first(size_t bytes)
{
    return bytes < WEAVE_BYTES ? (UINT64_C(1) << bytes) - 1 : ~UINT64_C(0);
}

/* x / by, in 16 bits: exact for x below 64 and numbers up to 64. */
ASSAY_INLINE __m512i weave_divided(__m512i x, size_t by)
{
    const size_t inverse = (32768 + by - 1) / by;
    return _mm512_mulhi_epu16(_mm512_add_epi16(x, x), _mm512_set1_epi16((int16_t)(uint16_t)inverse));
}

static const uint8_t weave_places[WEAVE_BYTES / 2] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                                      16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

ASSAY_INLINE __m512i weave_times(__m512i x, size_t by)
{
    return _mm512_mullo_epi16(x, _mm512_set1_epi16((int16_t)by));
}

/* Of half of a vector's bytes, whose places are `at`: where they come from, and of which line. */
ASSAY_INLINE __m256i weave_find_half(const struct assay_igemm_weave *w, __m512i at, __m256i *line)
{
    const size_t pixel_bytes = w->taps * w->depth;
    const __m512i pixel = weave_divided(at, pixel_bytes);
    const __m512i tap = weave_divided(_mm512_sub_epi16(at, weave_times(pixel, pixel_bytes)), w->depth);
    const __m512i others = _mm512_add_epi16(weave_times(pixel, pixel_bytes - w->depth), weave_times(tap, w->depth));
    *line = _mm512_cvtepi16_epi8(tap);
    return _mm512_cvtepi16_epi8(_mm512_sub_epi16(at, others)); /* but for the bytes of other lines before it */
}

/* Of `pixels` pixels a vector. All bytes at once, as one by one they take as long as weaving three lines of 224 pixels.
 */
static struct weave_pattern weave_find(const struct assay_igemm_weave *w, size_t pixels)
{
    const __m512i low = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(const void *)weave_places));
    __m256i from[2], line[2];
    from[0] = weave_find_half(w, low, &line[0]);
    from[1] = weave_find_half(w, _mm512_add_epi16(low, _mm512_set1_epi16(32)), &line[1]);
    struct weave_pattern pattern = {.from = _mm512_inserti64x4(_mm512_castsi256_si512(from[0]), from[1], 1)};
    const __m512i lines = _mm512_inserti64x4(_mm512_castsi256_si512(line[0]), line[1], 1);
    for (size_t t = 0; t < w->taps; t++)
        pattern.mine[t] =
            _mm512_mask_cmpeq_epi8_mask(weave_first(pixels * w->taps * w->depth), lines, _mm512_set1_epi8((char)t));
    return pattern;
}

/* Pixels from byte `at` of each line on: of two lines or more they are LINE_BYTES at most, of which, where they are not
 * `whole`, `read` has a bit for each that may be read. All else becomes `padding`. */
ASSAY_INLINE __m512i weave_vector(const struct weave_pattern *pattern, const char *const *lines, const size_t taps,
                                  size_t at, const bool whole, __mmask32 read, __m512i padding)
{
    __m512i woven = padding;
    ASSAY_UNROLL
    for (size_t t = 0; t < taps; t++) {
        const char *source = lines[t] + at;
        const __m256i pixels = whole ? _mm256_loadu_si256((const __m256i *)(const void *)source)
                                     : _mm256_mask_loadu_epi8(_mm512_castsi512_si256(padding), read, source);
        woven = _mm512_mask_permutexvar_epi8(woven, pattern->mine[t], pattern->from, _mm512_zextsi256_si512(pixels));
    }
    return woven;
}

/* One window's lines; `taps` is a constant, so that all that belongs to a line stays in registers. */
ASSAY_INLINE void weave_window(const struct assay_igemm_weave *w, size_t window, const size_t taps,
                               const struct weave_pattern *found)
{
    const size_t pixel = taps * w->depth, at_once = WEAVE_BYTES / pixel, step = at_once * w->depth;
    const size_t end = w->pixels * w->depth;
    char *to = w->to + window * w->to_stride;
    const struct weave_pattern pattern = *found;
    const char *lines[ASSAY_WEAVE_TAPS];
    ASSAY_UNROLL
    for (size_t t = 0; t < taps; t++)
        lines[t] = w->lines[window * taps + t];
    const __m512i padding = _mm512_set1_epi8(w->padding);
    size_t at = 0;
    for (; at + LINE_BYTES <= end; at += step, to += at_once * pixel)
        _mm512_storeu_si512(to, weave_vector(&pattern, lines, taps, at, true, 0, padding));
    for (; at < end + w->behind * w->depth; at += step, to += at_once * pixel) {
        const __mmask32 read = (__mmask32)weave_first(at < end ? assay_min(step, end - at) : 0);
        _mm512_storeu_si512(to, weave_vector(&pattern, lines, taps, at, false, read, padding));
    }
}

#define WEAVE_CASE(n)                           \
    case n:                                     \
        for (size_t i = 0; i < w->windows; i++) \
            weave_window(w, i, (n), &pattern);  \
        break;

static void weave(const struct assay_igemm_weave *w)
{
    const struct weave_pattern pattern = weave_find(w, WEAVE_BYTES / (w->taps * w->depth));
    switch (w->taps) {
        WEAVE_CASE(2)
        WEAVE_CASE(3)
        WEAVE_CASE(4)
        WEAVE_CASE(5)
        WEAVE_CASE(6)
        WEAVE_CASE(7)
    }
}

#endif
