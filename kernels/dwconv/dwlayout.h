/* What the two depthwise drivers share: the input as a micro-kernel reads it. A micro-kernel knows no depth multiplier
 * and no floats in hybrid: with a multiplier it reads a copy of the input, spread to one element an output channel, in
 * hybrid a quantized one. */
#ifndef ASSAY_KERNELS_DWCONV_DWLAYOUT_H
#define ASSAY_KERNELS_DWCONV_DWLAYOUT_H

#include "kernels/core/kernel.h"

struct assay_dw_input {
    bool hybrid, spread;
    size_t channels;    /* out_c */
    size_t size;        /* bytes of an element */
    size_t pixel_bytes; /* from one pixel to the next */
    /* Scratch: offsets in bytes. padding: a pixel of zero points, of each image in hybrid, one for all elsewhere. */
    size_t padding, padding_step, copy, quantized;
};

/* Lays out the scratch that the input takes from *scratch_size on, and moves *scratch_size behind it. */
struct assay_dw_input assay_dw_input(const struct assay_problem *problem, size_t *scratch_size);

/* The first pixel of the first image. */
const char *assay_dw_input_first(const struct assay_dw_input *input, const struct assay_io *io, const char *scratch);

/* Once, before any image is copied. */
void assay_dw_input_prepare(const struct assay_dw_input *input, const struct assay_problem *problem, char *scratch);

/* Makes the copies that a micro-kernel reads of image b, and returns its quantization (hybrid), which is found unless
 * io gives it. The functions may be NULL: the portable ones. */
struct assay_row_quantization assay_dw_input_copy(const struct assay_dw_input *input,
                                                  const struct assay_problem *problem, assay_row_range_fn *range,
                                                  assay_row_quantize_fn *quantize, const struct assay_io *io, size_t b,
                                                  char *scratch);

#endif
