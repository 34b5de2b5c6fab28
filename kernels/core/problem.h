/* One layer to compute: operation, mode, shape, quantization. A problem is plain data; it owns nothing. */
#ifndef ASSAY_KERNELS_CORE_PROBLEM_H
#define ASSAY_KERNELS_CORE_PROBLEM_H

#include "kernels/add/add.h"
#include "kernels/conv/conv.h"
#include "kernels/core/types.h"
#include "kernels/dwconv/dwconv.h"
#include "kernels/gemm/gemm.h"
#include "kernels/quantize/quantize.h"

/* Affine quantization, real = scale * (q - zero): of the input and output tensor as a whole, and of add's
 * second operand. Used by the integer modes and by the quantize operation; ignored elsewhere (hybrid finds its own per
 * group of rows). */
struct assay_quantization {
    float in_scale, out_scale; /* > 0, finite */
    int32_t in_zero, out_zero; /* within the type's range; 0 for int16 */
    float addend_scale;        /* add alone, as the others */
    int32_t addend_zero;
};

struct assay_problem {
    enum assay_op op;
    enum assay_mode mode;
    enum assay_structure structure; /* spmm: not DENSE, unless as its own baseline; other operations: DENSE */
    enum assay_activation activation;
    struct assay_quantization quantization;
    union {
        struct assay_gemm_shape gemm; /* gemm and spmm */
        struct assay_conv_shape conv;
        struct assay_dwconv_shape dwconv;
        struct assay_quantize_shape quantize;
        struct assay_add_shape add;
    };
};

/* The constant parts of a layer, as a model file holds them. The caller owns them; they may go once packed.
 *   values      weights of the mode's type. gemm, spmm: [n][k]. conv: [out_c][kernel_h][kernel_w][in_c].
 *               dwconv: [kernel_h][kernel_w][out_c]. Sparse structures are given dense, with their zeros.
 *               int8 weights are in [-127, 127].
 *   bias        one of the mode's bias type for each output channel; NULL means zeros.
 *   scale       hybrid: scale of each output channel's weights, > 0. NULL in other modes.
 *   multiplier, shift
 *               int8, int16x8: for each output channel c the real number in_scale * scale[c] / out_scale, written as
 *               multiplier * 2^(shift - 31) with multiplier in [2^30, 2^31) or 0, shift in [-31, 7].
 *               assay_fixed_point() makes them (kernels/core/fixed_point.h). add: its three factors. NULL in other
 *               modes. */
struct assay_weights {
    const void *values;
    const void *bias;
    const float *scale;
    const int32_t *multiplier;
    const int32_t *shift;
};

/* What one run reads and writes. All are aligned to their element type at least, and never overlap.
 * addend: the second operand of add, of the input's type and size; NULL elsewhere.
 * row_parameters: one for each row, written by the conversion ROW_F32_I8; NULL elsewhere.
 * group_parameters: hybrid, but for gemm: one for each group of rows of the input (assay_problem_groups), which are
 * then quantized by it, whatever their own range: for layers in parts that share a group. For kernels with fold_range
 * alone. NULL: the kernel finds them. */
struct assay_io {
    const void *in;
    void *out;
    const void *addend;
    struct assay_row_quantization *row_parameters;
    const struct assay_row_quantization *group_parameters;
};

/* Output range of the fused activation. Float modes: [0, inf) for ReLU, [0, 6] for ReLU6; assay_clamps() false: none,
 * and then NaN and infinities pass through. With an activation, a NaN becomes NaN or a value of the range. */
bool assay_clamps(const struct assay_problem *problem);
float assay_clamp_min(const struct assay_problem *problem);
float assay_clamp_max(const struct assay_problem *problem);

/* The same in the output's integers: the type's own range, cut by the activation at out_scale and out_zero as the
 * TFLite reference does: max(type_min, zero) and min(type_max, zero + round(6 / scale)). */
int32_t assay_clamp_min_int(const struct assay_problem *problem);
int32_t assay_clamp_max_int(const struct assay_problem *problem);

/* Output channels; inputs summed for each output; multiply-accumulates of the dense layer (0 for quantize
 * and add). */
size_t assay_problem_channels(const struct assay_problem *problem);
size_t assay_problem_depth(const struct assay_problem *problem);
uint64_t assay_problem_macs(const struct assay_problem *problem);

/* How many numbers `multiplier` and `shift` of an integer mode hold. */
size_t assay_problem_factors(const struct assay_problem *problem);

/* Bytes that `in`, `out`, the dense weights and the bias span, gaps between rows included, the one after the last row
 * not. */
size_t assay_problem_in_bytes(const struct assay_problem *problem);
size_t assay_problem_out_bytes(const struct assay_problem *problem);
size_t assay_problem_weight_bytes(const struct assay_problem *problem);
size_t assay_problem_bias_bytes(const struct assay_problem *problem);

/* The input and output seen as rows of elements with a stride (in elements), which is how buffers are filled, guarded
 * and compared, whatever the operation. */
struct assay_rows {
    enum assay_type type;
    size_t rows, columns, stride;
};
struct assay_rows assay_problem_in_rows(const struct assay_problem *problem);
struct assay_rows assay_problem_out_rows(const struct assay_problem *problem);

/* hybrid: the rows of the input that are quantized as one, `rows` from the first on, then the next; the last group may
 * have fewer. They are the images of a convolution, else single rows or what range_rows of spmm's shape says. */
struct assay_groups {
    size_t count, rows;
};
struct assay_groups assay_problem_groups(const struct assay_problem *problem);

/* NULL if the problem is one that the contracts allow; else what is wrong with it. */
const char *assay_problem_invalid(const struct assay_problem *problem);

#endif
