/* The inner loop of the integer tiles: MR rows by NR columns (VECTORS vectors) of int32 sums. A step takes 4 bytes of
 * each row, broadcast to every lane, against the 4 bytes of each column. The including file defines MR, TILE_VECTORS
 * where it is not 2, and DOT_BYTES as 4 (four unsigned by signed bytes: inputs are made unsigned by flipping their sign
 * bit, which adds 128) or 2 (two int16). With STAGED inputs are unsigned already, and rows have whole steps. With
 * HALF_LAST (AVX-512, 4 bytes) the last vector is half of one, and takes half of the time. */
#ifndef ASSAY_KERNELS_GEMM_X86_64_DOT_H
#define ASSAY_KERNELS_GEMM_X86_64_DOT_H

#include "kernels/core/x86_64/simd.h"
#include "kernels/gemm/igemm.h"
#include "kernels/gemm/x86_64/rows.h"

#ifndef TILE_VECTORS
#define TILE_VECTORS 2
#endif

#ifdef HALF_LAST
enum { LAST_LANES = LANES / 2 };
#else
enum { LAST_LANES = LANES };
#endif
enum {
    VECTORS = TILE_VECTORS,
    NR = (VECTORS - 1) * LANES + LAST_LANES,
    STEP_BYTES = 4,
    STEP_WEIGHTS = NR * STEP_BYTES
};

ASSAY_INLINE vint dot(vint sum, vint x, vint w)
{
#if DOT_BYTES == 4
    return vi_dot4(sum, x, w);
#else
    return vi_dot2(sum, x, w);
#endif
}

ASSAY_INLINE vint made_unsigned(vint x, vint sign_bits)
{
#if DOT_BYTES == 4 && !defined(STAGED) && defined(__AVX512F__)
    return vi_xor(x, sign_bits);
#elif DOT_BYTES == 4 && !defined(STAGED)
    (void)sign_bits;
    return vi_flip_signs(x);
#else
    (void)sign_bits;
    return x;
#endif
}

/* Vector v of a tile's columns, of 4 bytes each. */
ASSAY_INLINE vint load_columns(const void *columns, const size_t v)
{
    const char *from = (const char *)columns + v * sizeof(vint);
#ifdef HALF_LAST
    if (v + 1 == VECTORS)
        return _mm512_zextsi256_si512(_mm256_loadu_si256((const __m256i *)(const void *)from));
#endif
    return vi_load(from);
}

/* Vector v of a row's sums. */
ASSAY_INLINE vint dot_vector(vint sum, vint x, vint w, const size_t v)
{
#ifdef HALF_LAST
    if (v + 1 == VECTORS)
        return _mm512_zextsi256_si512(
            _mm256_dpbusd_epi32(_mm512_castsi512_si256(sum), _mm512_castsi512_si256(x), _mm512_castsi512_si256(w)));
#else
    (void)v;
#endif
    return dot(sum, x, w);
}

/* One step of all rows, `at` bytes into them. */
ASSAY_INLINE void step(const char *const *a, size_t at, const char *w, vint sign_bits, const size_t rows,
                       vint (*sums)[VECTORS])
{
    vint weights[VECTORS];
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++)
        weights[v] = load_columns(w, v);
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        vint x = made_unsigned(vi_broadcast(a[i] + at), sign_bits);
#ifdef HALF_LAST
        __asm__("" : "+v"(x)); /* or it becomes a broadcast to half a vector and one to a whole, from a register */
#endif
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            sums[i][v] = dot_vector(sums[i][v], x, weights[v], v);
    }
}

#ifndef STAGED
/* The same outside of a loop. */
ASSAY_INLINE vint dot_once(vint sum, vint x, vint w)
{
#if DOT_BYTES == 2
    return vi_dot2_once(sum, x, w);
#else
    return dot(sum, x, w);
#endif
}

/* The last `count` bytes of each row, 1 to 3; weights beyond are zeros. Of a row of at least a step, the last step's
 * worth of bytes is read and shifted. */
ASSAY_INLINE void last_step(const char *const *a, size_t at, size_t count, const char *w, vint sign_bits,
                            const size_t rows, vint (*sums)[VECTORS])
{
    vint weights[VECTORS];
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++)
        weights[v] = vi_load(w + v * sizeof(vint));
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        const vint bytes =
            at > 0 ? vi_shift_right(vi_broadcast(a[i] + at + count - STEP_BYTES), 8 * (int)(STEP_BYTES - count))
                   : vi_broadcast_part(a[i], count);
        const vint x = made_unsigned(bytes, sign_bits);
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            sums[i][v] = dot_once(sums[i][v], x, weights[v]);
    }
}

#endif

/* Few rows have few sums, and each would wait for the one before. So they get several sums for each element, and take
 * as many steps at once; the rest that is no multiple of them is left. */
enum { WANTED_SUMS = 8, MOST_SPREAD = 4 };

ASSAY_INLINE const char *spread_steps(const char *const *a, size_t bytes, const char *w, vint sign_bits,
                                      const size_t spread, const size_t rows, vint (*sums)[VECTORS], size_t *at)
{
    vint more[MOST_SPREAD][WANTED_SUMS / 2][VECTORS];
    ASSAY_UNROLL
    for (size_t s = 1; s < spread; s++) {
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++) {
            ASSAY_UNROLL
            for (size_t v = 0; v < VECTORS; v++)
                more[s][i][v] = vi_zero();
        }
    }
    for (; *at + spread * STEP_BYTES <= bytes; *at += spread * STEP_BYTES, w += spread * STEP_WEIGHTS) {
        step(a, *at, w, sign_bits, rows, sums);
        ASSAY_UNROLL
        for (size_t s = 1; s < spread; s++)
            step(a, *at + s * STEP_BYTES, w + s * STEP_WEIGHTS, sign_bits, rows, more[s]);
    }
    ASSAY_UNROLL
    for (size_t s = 1; s < spread; s++) {
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++) {
            ASSAY_UNROLL
            for (size_t v = 0; v < VECTORS; v++)
                sums[i][v] = vi_add(sums[i][v], more[s][i][v]);
        }
    }
    return w;
}

/* Adds to `sums` the products of the first `bytes` bytes of each row with the weights from `w` on; returns the weights
 * after them. With FETCH_AHEAD a line from `ahead` on is fetched each step (struct assay_igemm_args): a layer's weights
 * come from beyond the second-level cache where a network has other layers. Of a last step that is not whole, the
 * weights beyond the row are zeros, and nothing beyond the row is read. */
ASSAY_INLINE const char *accumulate(const char *const *a, size_t bytes, const char *w, const char *ahead,
                                    const size_t rows, vint (*sums)[VECTORS])
{
    const vint sign_bits = vi_opaque((int32_t)0x80808080);
    (void)ahead;
    size_t at = 0;
    const size_t spread = assay_min(WANTED_SUMS / (rows * VECTORS), MOST_SPREAD);
    if (spread > 1)
        w = spread_steps(a, bytes, w, sign_bits, spread, rows, sums, &at);
    for (; at + STEP_BYTES <= bytes; at += STEP_BYTES, w += STEP_WEIGHTS) {
#ifdef FETCH_AHEAD
        __builtin_prefetch(ahead, 0, 2);
        ahead += sizeof(vint);
#endif
        step(a, at, w, sign_bits, rows, sums);
    }
#ifdef STAGED
    return w;
#else
    if (at == bytes)
        return w;
    last_step(a, at, bytes - at, w, sign_bits, rows, sums);
    return w + STEP_WEIGHTS;
#endif
}

#endif
