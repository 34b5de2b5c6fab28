/* gemm: the fully connected layer. out[i][j] = clamp(sum over l of in[i][l] * weight[j][l] + bias[j])
 *
 * in: m rows of k elements, in_stride elements apart; out: m rows of n, out_stride apart. Gaps between rows are never
 * read or written. m, n and k may each be 0: with k = 0 the output is the clamped bias. Sums may be taken in any order.
 *
 * int8, int16x8: exact. out = clamp(rescale(sum (in - in_zero) * weight + bias) + out_zero), rescale as in
 * kernels/core/fixed_point.h; the sum is modulo 2^32 (int8) or 2^64 (int16x8).
 * hybrid: row i is quantized as in kernels/quantize/dynamic.h to q, scale_i, zero_i; then
 * out = clamp(float(sum (q - zero_i) * weight) * (scale_i * scale[j]) + bias[j]).
 *
 * Error bounds of the float modes, per element, against exact arithmetic on the same inputs (Higham, Accuracy and
 * Stability of Numerical Algorithms, 2nd ed., section 3.1): gamma(k + 1) * (sum |in * weight| + |bias|) with gamma(t) =
 * t*u / (1 - t*u), u = 2^-24, or 2^-11 where the kernel accumulates in f16; fp16 adds one rounding of the result to
 * f16. */
#ifndef ASSAY_KERNELS_GEMM_GEMM_H
#define ASSAY_KERNELS_GEMM_GEMM_H

#include <stddef.h>

struct assay_gemm_shape {
    size_t m, n, k;
    size_t in_stride;  /* >= k */
    size_t out_stride; /* >= n */
    size_t range_rows; /* 0, but in spmm (kernels/spmm/spmm.h) */
};

#endif
