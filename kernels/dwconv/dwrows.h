/* The depthwise driver of 3x3 windows: a micro-kernel walks along output rows, and keeps the columns of the input that
 * its window covers in registers.
 *
 * For a block of channels it computes one or more rows of the output at once, from left to right. A step loads what is
 * new of the window, `stride` columns of (rows - 1) * stride + 3 input rows, and finishes one pixel of each row: each
 * input is loaded once for up to 3 * 3 products, where a kernel that goes by pointers (kernels/dwconv/dwindirect.h)
 * loads it for each.
 *
 * Packed weights: block after block, each with all that its channels need, as the micro-kernel lays it out. */
#ifndef ASSAY_KERNELS_DWCONV_DWROWS_H
#define ASSAY_KERNELS_DWCONV_DWROWS_H

#include "kernels/core/kernel.h"

enum { ASSAY_DWROWS_KERNEL = 3, ASSAY_DWROWS_STRIDE_MAX = 2, ASSAY_DWROWS_IN_MAX = 5 };

/* One call of a micro-kernel. */
struct assay_dwrows_args {
    size_t channels; /* 1 to cr; only these may be read and stored */
    size_t rows;     /* 1 to what the kernel states */
    size_t stride;   /* 1 or 2, of both axes */
    /* Pixel x of input row i is at in[i] + x * step[i], aligned to its type only: step is 0 for rows in the padding. */
    const char *in[ASSAY_DWROWS_IN_MAX];
    size_t step[ASSAY_DWROWS_IN_MAX];
    /* The first window begins pad_left before the image. What is before it or from in_w on is a zero point. */
    size_t in_w, out_w, pad_left;
    const void *block; /* the packed weights of these channels */
    char *out;
    size_t out_row, out_pixel; /* bytes to the next */
    /* Not NULL: store late. `out` is a buffer, and what late_from, the buffer of the block before this one, holds of
     * each pixel, cr channels of args->rows rows, is to be copied to `late`, a pixel of each row in each step. */
    char *late;
    const char *late_from;
    size_t late_row, late_pixel;

    struct assay_row_quantization row; /* hybrid: of this image */
    int32_t in_zero;                   /* int8, hybrid */
    bool clamp; /* float outputs: apply clamp_min and clamp_max; false: NaN and infinities pass */
    float clamp_min, clamp_max;
    int32_t out_zero, out_min, out_max; /* integer outputs */
};

typedef void assay_dwrows_run_fn(const struct assay_dwrows_args *args);

/* Fills a zeroed block for `count` (1 to cr) channels from `first` on. */
typedef void assay_dwrows_pack_fn(const struct assay_problem *problem, const struct assay_weights *weights,
                                  size_t first, size_t count, void *block);

/* Cycles, fitted to measurements with warm buffers: of a call, and of a step of all rows and of one, at stride 1 and 2.
 */
struct assay_dwrows_cost {
    double call, step[ASSAY_DWROWS_STRIDE_MAX], single[ASSAY_DWROWS_STRIDE_MAX];
};

/* A micro-kernel: the `detail` of its descriptor. */
struct assay_dwrows {
    size_t cr, block_bytes;               /* a multiple of ASSAY_PACK_ALIGN */
    size_t rows[ASSAY_DWROWS_STRIDE_MAX]; /* of the output at once, at stride 1 and 2 */
    size_t grain;  /* a last block takes time by so many channels: a divisor of cr; 0: as much as a whole one */
    bool adjacent; /* it takes pixels side by side: of layers of cr channels, without gaps, alone */
    assay_dwrows_run_fn *run;
    assay_dwrows_pack_fn *pack;
    assay_row_range_fn *row_range; /* hybrid: NULL: the portable functions */
    assay_row_quantize_fn *row_quantize;
    struct assay_dwrows_cost cost;
};

/* The functions of the descriptor; `detail` is a struct assay_dwrows. */
const char *assay_dwrows_supports(const struct assay_kernel *kernel, const struct assay_problem *problem);
double assay_dwrows_cost(const struct assay_kernel *kernel, const struct assay_problem *problem);
size_t assay_dwrows_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem);
bool assay_dwrows_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                       const struct assay_weights *weights, void *packed);
size_t assay_dwrows_scratch_size(const struct assay_kernel *kernel, const struct assay_problem *problem);
bool assay_dwrows_prepare(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                          const struct assay_io *io, void *scratch);
void assay_dwrows_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                      const struct assay_io *io, void *scratch);
void assay_dwrows_fold_range(const struct assay_kernel *kernel, const float *x, size_t count, float *min, float *max);

/* Defines dwconv_<signature>. The rest of the arguments are members of struct assay_dwrows. Register with:
 * assay_kernel(dwconv_<signature>) */
#define ASSAY_DWROWS(signature, kernel_mode, kernel_accumulator, channel_count, ...)            \
    static const struct assay_dwrows signature##_dwrows = {.cr = (channel_count), __VA_ARGS__}; \
    const struct assay_kernel dwconv_##signature = {                                            \
        .name = "dwconv_" #signature,                                                           \
        .origin = "assay",                                                                      \
        .op = ASSAY_OP_DWCONV,                                                                  \
        .mode = (kernel_mode),                                                                  \
        .structure = ASSAY_DENSE,                                                               \
        .accumulator = (kernel_accumulator),                                                    \
        .features = ASSAY_ISA_FEATURES,                                                         \
        .rank = ASSAY_ISA_RANK,                                                                 \
        .tile = {1, (channel_count), 1},                                                        \
        .detail = &signature##_dwrows,                                                          \
        .supports = assay_dwrows_supports,                                                      \
        .cost = assay_dwrows_cost,                                                              \
        .packed_size = assay_dwrows_packed_size,                                                \
        .pack = assay_dwrows_pack,                                                              \
        .scratch_size = assay_dwrows_scratch_size,                                              \
        .prepare = assay_dwrows_prepare,                                                        \
        .run = assay_dwrows_run,                                                                \
        .fold_range = assay_dwrows_fold_range,                                                  \
    }

#endif
