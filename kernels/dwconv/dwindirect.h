/* The depthwise driver: one micro-kernel that reads its pixels through pointers (indirection).
 *
 * A kernel file writes one function that computes a run of output pixels, all channels, and registers it with
 * ASSAY_DWCONV_KERNEL. All else is here: packing, pointer tables, padding, dynamic quantization of hybrid, depth
 * multipliers (the input is first spread to one element an output channel, so that the micro-kernel knows no
 * multiplier).
 *
 * Packed weights: for each block of cr channels, for each tap (kernel_h * kernel_w), cr weights: [block][tap][cr],
 * filled up with zeros. Columns (bias, rescaling …) are padded to whole blocks likewise. */
#ifndef ASSAY_KERNELS_DWCONV_DWINDIRECT_H
#define ASSAY_KERNELS_DWCONV_DWINDIRECT_H

#include "kernels/core/columns.h"
#include "kernels/core/kernel.h"

/* One call of a micro-kernel. */
struct assay_dw_args {
    size_t pixels;   /* >= 1 output pixels, consecutive in memory */
    size_t channels; /* >= 1, all of them; only these may be read and stored */
    size_t taps;     /* >= 1 */
    /* Tap t of pixel p is at in[p * taps + t]: `channels` elements, aligned to their type only, nothing beyond may be
     * read. */
    const void *const *in;
    /* The pixels are whole rows of the output, row_pixels each. Of those in a row from interior_begin to before
     * interior_end, no tap is beside the image, so that each tap's pointers are evenly spaced (by 0 above and below the
     * image). Windows are kernel_w wide, their columns dilation_w pixels apart, and neighbouring windows stride_w; the
     * first one begins pad_left before the image. */
    size_t row_pixels, interior_begin, interior_end, kernel_w, dilation_w, stride_w, pad_left;
    const void *w; /* all blocks; a block begins (channel / cr) * taps * cr elements in */
    void *out;
    size_t out_stride; /* bytes from one pixel of out to the next */

    /* One entry a channel, padded to whole blocks; NULL where the mode has none. As in struct assay_igemm_args. */
    const void *bias;
    const int32_t *multiplier, *shift;
    const float *scale;
    const int32_t *weight_sum;
    /* hybrid: of the image that all these pixels are in; `zero` has the kernel's input_offset added. */
    struct assay_row_quantization row;

    bool clamp; /* float outputs: apply clamp_min and clamp_max; false: NaN and infinities pass */
    float clamp_min, clamp_max;
    int32_t out_zero, out_min, out_max; /* integer outputs */
};

typedef void assay_dw_run_fn(const struct assay_dw_args *args);

/* Cycles that a micro-kernel takes for one pixel of a block of channels, fitted to measurements with warm buffers: of
 * each tap, and beside them. All zero: not known. */
struct assay_dw_cost {
    double tap, pixel;
};

/* A micro-kernel: the `detail` of its descriptor. */
struct assay_dwindirect {
    size_t cr;
    size_t (*scalable_cr)(void); /* in place of cr where vectors are scalable; else NULL */
    assay_dw_run_fn *run;
    enum assay_pack_element element;
    int32_t input_offset;          /* int8, hybrid: the micro-kernel takes its inputs as q + input_offset */
    assay_row_range_fn *row_range; /* hybrid: NULL: the portable functions */
    assay_row_quantize_fn *row_quantize;
    const char *(*supports)(const struct assay_kernel *kernel, const struct assay_problem *problem);
    struct assay_dw_cost cost;
};

/* The functions of the descriptor; `detail` is a struct assay_dwindirect. */
const char *assay_dwindirect_supports(const struct assay_kernel *kernel, const struct assay_problem *problem);
double assay_dwindirect_cost(const struct assay_kernel *kernel, const struct assay_problem *problem);
size_t assay_dwindirect_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem);
bool assay_dwindirect_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                           const struct assay_weights *weights, void *packed);
size_t assay_dwindirect_scratch_size(const struct assay_kernel *kernel, const struct assay_problem *problem);
bool assay_dwindirect_prepare(const struct assay_kernel *kernel, const struct assay_problem *problem,
                              const void *packed, const struct assay_io *io, void *scratch);
void assay_dwindirect_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                          const struct assay_io *io, void *scratch);
void assay_dwindirect_fold_range(const struct assay_kernel *kernel, const float *x, size_t count, float *min,
                                 float *max);

/* Defines dwconv_<signature>. channels: cr, or 0 with a scalable_cr function. The rest of the arguments are further
 * members of struct assay_dwindirect. Register with: assay_kernel(dwconv_<signature>) */
#define ASSAY_DWCONV_KERNEL(signature, kernel_mode, kernel_accumulator, channel_count, channels_fn, run_fn, ...) \
    static const struct assay_dwindirect signature##_dwindirect = {                                              \
        .cr = (channel_count), .scalable_cr = (channels_fn), .run = (run_fn), __VA_ARGS__};                      \
    const struct assay_kernel dwconv_##signature = {                                                             \
        .name = "dwconv_" #signature,                                                                            \
        .origin = "assay",                                                                                       \
        .op = ASSAY_OP_DWCONV,                                                                                   \
        .mode = (kernel_mode),                                                                                   \
        .structure = ASSAY_DENSE,                                                                                \
        .accumulator = (kernel_accumulator),                                                                     \
        .features = ASSAY_ISA_FEATURES,                                                                          \
        .rank = ASSAY_ISA_RANK,                                                                                  \
        .tile = {1, (channel_count), 1},                                                                         \
        .tile_n = (channels_fn),                                                                                 \
        .detail = &signature##_dwindirect,                                                                       \
        .supports = assay_dwindirect_supports,                                                                   \
        .cost = assay_dwindirect_cost,                                                                           \
        .packed_size = assay_dwindirect_packed_size,                                                             \
        .pack = assay_dwindirect_pack,                                                                           \
        .scratch_size = assay_dwindirect_scratch_size,                                                           \
        .prepare = assay_dwindirect_prepare,                                                                     \
        .run = assay_dwindirect_run,                                                                             \
        .fold_range = assay_dwindirect_fold_range,                                                               \
    }

#endif
