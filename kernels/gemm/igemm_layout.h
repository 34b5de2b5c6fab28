/* How the dense driver lays out its two blocks of memory: sizes and offsets, worked out from kernel and problem alone.
 */
#ifndef ASSAY_KERNELS_GEMM_IGEMM_LAYOUT_H
#define ASSAY_KERNELS_GEMM_IGEMM_LAYOUT_H

#include "kernels/gemm/igemm.h"

/* A gemm is a convolution with one tap, whose pixels are its rows. */
struct assay_igemm_layout {
    size_t rows, cols, taps, k;
    size_t mr, nr, kr;
    size_t tiles, panels;         /* rows / mr and cols / nr, rounded up */
    size_t in_size, out_size;     /* bytes of an element */
    size_t in_stride, out_stride; /* elements from one row, or pixel, to the next */

    /* Packed weights: offsets in bytes. */
    struct assay_columns columns;
    size_t panel0, panel_bytes, weight_size, packed_bytes;

    /* Scratch: offsets in bytes. A struct assay_igemm_plan comes first. */
    size_t pointers;    /* [tiles][taps][mr] */
    size_t padding_row; /* conv: k elements of real zero; hybrid: one such row an image */
    size_t quantized;   /* hybrid: the input as int8, rows or pixels k apart */
    size_t row_params;  /* hybrid: struct assay_row_quantization for tiles * mr rows */
    size_t scratch_bytes;
};

/* What run would otherwise work out each time, which a small layer would feel: left in scratch by prepare. */
struct assay_igemm_plan {
    struct assay_igemm_layout layout;
    struct assay_igemm_args args; /* all that every tile has in common */
};

struct assay_igemm_layout assay_igemm_layout(const struct assay_igemm *igemm, const struct assay_problem *problem);

#endif
