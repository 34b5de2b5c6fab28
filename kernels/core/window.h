/* Which input pixel a tap of an output pixel reads, for conv and dwconv. */
#ifndef ASSAY_KERNELS_CORE_WINDOW_H
#define ASSAY_KERNELS_CORE_WINDOW_H

#include "kernels/core/problem.h"

/* Of a conv or dwconv problem. */
struct assay_window assay_window_of(const struct assay_problem *problem);

#define ASSAY_OUTSIDE ((size_t)-1)

/* Number of the input pixel (of all images: batch * in_h * in_w) that tap (0 … kernel_h * kernel_w - 1) of output pixel
 * (0 … batch * out_h * out_w - 1) reads, or ASSAY_OUTSIDE where it lies in the padding. */
size_t assay_window_source(const struct assay_window *window, size_t pixel, size_t tap);

/* Fills pointers[(pixel / group * taps + tap) * group + pixel % group] for pixel 0 … pixels - 1 (rounded up to whole
 * groups): pixels beyond the last output pixel repeat it. Pixel p of the input is at in + p * pixel_bytes; the padding
 * of image b is at padding + b * padding_step. */
void assay_window_pointers(const struct assay_window *window, size_t group, const char *in, size_t pixel_bytes,
                           const char *padding, size_t padding_step, const void **pointers);

#endif
