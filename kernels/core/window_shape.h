/* The sliding window, in the shapes of conv and dwconv alike: which images, which part of them each output pixel reads.
 */
#ifndef ASSAY_KERNELS_CORE_WINDOW_SHAPE_H
#define ASSAY_KERNELS_CORE_WINDOW_SHAPE_H

#include <stddef.h>

/* kernel, stride and dilation are each >= 1; out_h and out_w: see assay_pad_same() and assay_pad_explicit(). */
#define ASSAY_WINDOW_MEMBERS                                                                                     \
    size_t batch, in_h, in_w, kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left, \
        out_h, out_w;

struct assay_window {
    ASSAY_WINDOW_MEMBERS
};

/* A member of a shape: its parts by name, shape.kernel_h, or all of them at once, shape.window. */
#define ASSAY_WINDOW_IN_SHAPE       \
    union {                         \
        struct assay_window window; \
        struct {                    \
            ASSAY_WINDOW_MEMBERS    \
        };                          \
    };

#endif
