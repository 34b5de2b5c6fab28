/* dwconv: depthwise convolution, NHWC. Output channel o reads input channel o / multiplier alone.
 *
 * out[b][y][x][o] = clamp(bias[o] + sum over (i, j) of in[b][y*stride_h + i*dilation_h - pad_top]
 *                                                      [x*stride_w + j*dilation_w - pad_left][o / multiplier] *
 * weight[i][j][o]) with out_c = in_c * multiplier. Positions outside the image, strides, numerics and bounds are those
 * of conv (kernels/conv/conv.h) with k = kernel_h * kernel_w. */
#ifndef ASSAY_KERNELS_DWCONV_DWCONV_H
#define ASSAY_KERNELS_DWCONV_DWCONV_H

#include "kernels/core/window_shape.h"

struct assay_dwconv_shape {
    ASSAY_WINDOW_IN_SHAPE
    size_t in_c, multiplier;
    size_t in_stride;  /* >= in_c */
    size_t out_stride; /* >= in_c * multiplier */
};

#endif
