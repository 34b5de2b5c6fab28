/* dwconv: depthwise convolution, NHWC. Output channel o reads input channel o / multiplier alone.
 *
 * out[b][y][x][o] = clamp(bias[o] + sum over (i, j) of in[b][y*stride_h + i*dilation_h - pad_top]
 *                                                      [x*stride_w + j*dilation_w - pad_left][o / multiplier] *
 * weight[i][j][o]) with out_c = in_c * multiplier. Positions outside the image, strides, numerics and bounds are those
 * of conv (kernels/conv/conv.h) with k = kernel_h * kernel_w. */
#ifndef ASSAY_KERNELS_DWCONV_DWCONV_H
#define ASSAY_KERNELS_DWCONV_DWCONV_H

#include <stddef.h>

struct assay_dwconv_shape {
    size_t batch, in_h, in_w, in_c, multiplier;
    size_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w; /* each >= 1 */
    size_t pad_top, pad_left;
    size_t out_h, out_w;
    size_t in_stride;  /* >= in_c */
    size_t out_stride; /* >= in_c * multiplier */
};

#endif
