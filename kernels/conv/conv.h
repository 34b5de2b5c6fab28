/* conv: two-dimensional convolution, NHWC, groups = 1.
 *
 * out[b][y][x][o] = clamp(bias[o] + sum over (i, j, c) of in[b][y*stride_h + i*dilation_h - pad_top]
 *                                                         [x*stride_w + j*dilation_w - pad_left][c] *
 * weight[o][i][j][c]) where positions outside the image count as real 0 (in_zero in int8). Pixels are in_stride
 * (out_stride) elements apart; the gap between them is never read or written. Numerics and bounds are those of gemm
 * (kernels/gemm/gemm.h) with k = kernel_h * kernel_w * in_c; hybrid quantizes each image of the batch as one row of its
 * in_h * in_w * in_c elements. */
#ifndef ASSAY_KERNELS_CONV_CONV_H
#define ASSAY_KERNELS_CONV_CONV_H

#include "kernels/core/window_shape.h"

struct assay_conv_shape {
    ASSAY_WINDOW_IN_SHAPE
    size_t in_c, out_c;
    size_t in_stride;  /* >= in_c */
    size_t out_stride; /* >= out_c */
};

/* Padding along one axis, as TFLite defines SAME: out = ceil(in / stride), and the total padding that this takes is
 * split with the smaller half before. VALID is explicit padding of 0 and 0. */
void assay_pad_same(size_t in, size_t kernel, size_t stride, size_t dilation, size_t *out, size_t *before);

/* out = floor((before + in + after - reach) / stride) + 1 with reach = (kernel - 1) * dilation + 1; 0 if it does not
 * fit. */
size_t assay_pad_explicit(size_t in, size_t kernel, size_t stride, size_t dilation, size_t before, size_t after);

#endif
