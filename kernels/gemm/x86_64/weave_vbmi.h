/* Weaving lines (struct assay_igemm_weave) with AVX-512 VBMI: as many pixels at once as fit a vector, of which each
 * line gives its bytes by one permutation. 7 pixels of 3 lines of 3 bytes are 3 loads, 3 permutations and a store,
 * which take 5 cycles: the store crosses a line of the cache. */
#ifndef ASSAY_KERNELS_GEMM_X86_64_WEAVE_VBMI_H
#define ASSAY_KERNELS_GEMM_X86_64_WEAVE_VBMI_H

#include "kernels/core/x86_64/simd.h"
#include "kernels/gemm/igemm.h"

#include <string.h>

enum { WEAVE_BYTES = ASSAY_WEAVE_BYTES, LINE_BYTES = WEAVE_BYTES / 2 };

/* What a vector of woven pixels takes of one line: its byte j is byte from[j] of those from `source` on, where bit j of
 * `mine` is set. */
struct weave_line {
    __m512i from;
    __mmask64 mine;
    const char *source;
};

ASSAY_INLINE __mmask64 weave_first(size_t bytes)
{
    return bytes < WEAVE_BYTES ? (UINT64_C(1) << bytes) - 1 : ~UINT64_C(0);
}

/* Of `pixels` pixels a vector. */
static void weave_find(const struct assay_igemm_weave *w, size_t pixels, struct weave_line *lines)
{
    for (size_t t = 0; t < w->taps; t++) {
        uint8_t from[WEAVE_BYTES] = {0};
        lines[t].mine = 0;
        for (size_t p = 0; p < pixels; p++) {
            const size_t at = (p * w->taps + t) * w->depth;
            for (size_t i = 0; i < w->depth; i++)
                from[at + i] = (uint8_t)(p * w->depth + i);
            lines[t].mine |= weave_first(w->depth) << at;
        }
        lines[t].from = _mm512_loadu_si512(from);
    }
}

/* Pixels from byte `at` of each line on: of two lines or more they are LINE_BYTES at most, of which, where they are not
 * `whole`, `read` has a bit for each that may be read. */
ASSAY_INLINE __m512i weave_vector(const struct weave_line *lines, const size_t taps, size_t at, const bool whole,
                                  __mmask32 read)
{
    __m512i woven = _mm512_setzero_si512();
    ASSAY_UNROLL
    for (size_t t = 0; t < taps; t++) {
        const char *source = lines[t].source + at;
        const __m256i pixels =
            whole ? _mm256_loadu_si256((const __m256i *)(const void *)source) : _mm256_maskz_loadu_epi8(read, source);
        woven = _mm512_mask_permutexvar_epi8(woven, lines[t].mine, lines[t].from, _mm512_zextsi256_si512(pixels));
    }
    return woven;
}

/* One window's lines; `taps` is a constant, so that all that belongs to a line stays in registers. */
ASSAY_INLINE void weave_window(const struct assay_igemm_weave *w, size_t window, const size_t taps,
                               const struct weave_line *found)
{
    const size_t pixel = taps * w->depth, at_once = WEAVE_BYTES / pixel, step = at_once * w->depth;
    const size_t end = w->pixels * w->depth;
    char *to = w->to + window * w->to_stride;
    struct weave_line lines[ASSAY_WEAVE_TAPS];
    ASSAY_UNROLL
    for (size_t t = 0; t < taps; t++)
        lines[t] = (struct weave_line){found[t].from, found[t].mine, w->lines[window * taps + t]};
    size_t at = 0;
    /* What a whole vector stores beyond its pixels is the next one's. */
    for (; at + step + LINE_BYTES <= end; at += step, to += at_once * pixel)
        _mm512_storeu_si512(to, weave_vector(lines, taps, at, true, 0));
    for (size_t count; at < end; at += count, to += count * taps) {
        count = assay_min(step, end - at);
        _mm512_mask_storeu_epi8(to, weave_first(count * taps),
                                weave_vector(lines, taps, at, false, (__mmask32)weave_first(count)));
    }
}

#define WEAVE_CASE(n)                           \
    case n:                                     \
        for (size_t i = 0; i < w->windows; i++) \
            weave_window(w, i, (n), lines);     \
        break;

static void weave(const struct assay_igemm_weave *w)
{
    struct weave_line lines[ASSAY_WEAVE_TAPS];
    weave_find(w, WEAVE_BYTES / (w->taps * w->depth), lines);
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
