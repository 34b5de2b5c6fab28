/* The inner loop of the integer tiles: MR rows by NR columns (2 vectors) of int32 sums. A step takes 4 bytes of each
 * row, broadcast to every lane, against the 4 bytes of each column. The including file defines MR, and DOT_BYTES as 4
 * (four unsigned by signed bytes: inputs are made unsigned by flipping their sign bit, which adds 128) or 2 (two
 * int16). */
#ifndef ASSAY_KERNELS_GEMM_X86_64_DOT_H
#define ASSAY_KERNELS_GEMM_X86_64_DOT_H

#include "kernels/core/x86_64/simd.h"
#include "kernels/gemm/igemm.h"
#include "kernels/gemm/x86_64/rows.h"

enum { VECTORS = 2, NR = VECTORS * LANES, STEP_BYTES = 4, STEP_WEIGHTS = VECTORS * sizeof(vint) };

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
#if DOT_BYTES == 4
    return vi_xor(x, sign_bits);
#else
    (void)sign_bits;
    return x;
#endif
}

/* Adds to `sums` the products of the first `bytes` bytes of each row with the weights from `w` on; returns the weights
 * after them. Of a last step that is not whole, the weights beyond the row are zeros, and nothing beyond the row is
 * read. */
ASSAY_INLINE const char *accumulate(const char *const *a, size_t bytes, const char *w, const size_t rows,
                                    vint (*sums)[VECTORS])
{
    const vint sign_bits = vi_opaque((int32_t)0x80808080);
    size_t at = 0;
    for (; at + STEP_BYTES <= bytes; at += STEP_BYTES, w += STEP_WEIGHTS) {
        const vint low = vi_load(w), high = vi_load(w + sizeof(vint));
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++) {
            const vint x = made_unsigned(vi_broadcast(a[i] + at), sign_bits);
            sums[i][0] = dot(sums[i][0], x, low);
            sums[i][1] = dot(sums[i][1], x, high);
        }
    }
    if (at == bytes)
        return w;
    const vint low = vi_load(w), high = vi_load(w + sizeof(vint));
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        const vint x = made_unsigned(vi_broadcast_part(a[i] + at, bytes - at), sign_bits);
        sums[i][0] = dot(sums[i][0], x, low);
        sums[i][1] = dot(sums[i][1], x, high);
    }
    return w + STEP_WEIGHTS;
}

#endif
