/* Where a window reads, for references: assay_window_source() inlined, and without its divisions. */
#ifndef ASSAY_KERNELS_CONV_REFERENCE_WINDOW_H
#define ASSAY_KERNELS_CONV_REFERENCE_WINDOW_H

#include "kernels/core/window.h"

/* The pixel, counted from the first of the image, that tap (tap_y, tap_x) of output pixel (y, x) reads; ASSAY_OUTSIDE
 * where it lies in the padding. One subtraction turns "before the image" into a number beyond its end. */
static inline size_t window_pixel(const struct assay_window *w, size_t y, size_t x, size_t tap_y, size_t tap_x)
{
    const size_t in_y = y * w->stride_h + tap_y * w->dilation_h - w->pad_top;
    const size_t in_x = x * w->stride_w + tap_x * w->dilation_w - w->pad_left;
    return in_y < w->in_h && in_x < w->in_w ? in_y * w->in_w + in_x : ASSAY_OUTSIDE;
}

#endif
