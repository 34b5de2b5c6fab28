/* conv and dwconv by XNNPACK's NHWC convolution, which chooses among gemm, indirect gemm and depthwise kernels itself.
 */
#include "suites/peers/xnnpack/layer.h"

#include <stdlib.h>

/* The arguments that every create function of a convolution begins with. */
#define WINDOW(w)                                                                                       \
    (uint32_t)(w).pad_top, (uint32_t)(w).pad_right, (uint32_t)(w).pad_bottom, (uint32_t)(w).pad_left,   \
        (uint32_t)(w).kernel_h, (uint32_t)(w).kernel_w, (uint32_t)(w).stride_h, (uint32_t)(w).stride_w, \
        (uint32_t)(w).dilation_h, (uint32_t)(w).dilation_w, (uint32_t)(w).groups, (w).group_in, (w).group_out

static struct assay_peer_window window_of(const struct assay_problem *problem)
{
    struct assay_peer_window window = {0};
    (void)!assay_peer_window(problem, &window); /* supports() has asked already */
    return window;
}

static uint32_t flags_of(const struct assay_problem *problem)
{
    return problem->op == ASSAY_OP_DWCONV ? XNN_FLAG_DEPTHWISE_CONVOLUTION : 0;
}

static const char *refuses(const struct assay_problem *problem)
{
    struct assay_peer_window window;
    return assay_peer_window(problem, &window);
}

static const char *refuses_hybrid(const struct assay_problem *problem)
{
    if (problem->conv.in_stride != problem->conv.in_c)
        return "XNNPACK quantizes a whole image as one row, without gaps between pixels";
    return refuses(problem);
}

static enum xnn_status create_f32(const struct assay_problem *problem, const struct assay_weights *weights,
                                  struct xnnpack_layer *layer)
{
    const struct assay_peer_window w = window_of(problem);
    return xnn_create_convolution2d_nhwc_f32(WINDOW(w), w.in_stride, w.out_stride, weights->values, weights->bias,
                                             assay_clamp_min(problem), assay_clamp_max(problem), flags_of(problem),
                                             NULL, NULL, &layer->stage[0]);
}

/* As for gemm, f16 weights go over as f32. */
static enum xnn_status create_f16(const struct assay_problem *problem, const struct assay_weights *weights,
                                  struct xnnpack_layer *layer)
{
    const struct assay_peer_window w = window_of(problem);
    float *values = xnnpack_weights_as_f32(problem, weights);
    if (!values)
        return xnn_status_out_of_memory;
    const enum xnn_status status = xnn_create_convolution2d_nhwc_f16(
        WINDOW(w), w.in_stride, w.out_stride, values, weights->bias, assay_clamp_min(problem), assay_clamp_max(problem),
        flags_of(problem) | XNN_FLAG_FP32_STATIC_WEIGHTS, NULL, NULL, &layer->stage[0]);
    free(values);
    return status;
}

static enum xnn_status create_hybrid(const struct assay_problem *problem, const struct assay_weights *weights,
                                     struct xnnpack_layer *layer)
{
    const struct assay_peer_window w = window_of(problem);
    const enum xnn_status status = xnn_create_convert_nc_f32_qd8(0, &layer->stage[0]);
    return status
               ? status
               : xnn_create_convolution2d_nhwc_qd8_f32_qc8w(WINDOW(w), w.in_stride, w.out_stride, weights->scale,
                                                            weights->values, weights->bias, assay_clamp_min(problem),
                                                            assay_clamp_max(problem), 0, NULL, NULL, &layer->stage[1]);
}

static enum xnn_status create_i8(const struct assay_problem *problem, const struct assay_weights *weights,
                                 struct xnnpack_layer *layer)
{
    const struct assay_peer_window w = window_of(problem);
    const struct assay_quantization *q = &problem->quantization;
    float *scales = xnnpack_weight_scales(problem, weights);
    if (!scales)
        return xnn_status_out_of_memory;
    const enum xnn_status status = xnn_create_convolution2d_nhwc_qs8_qc8w(
        WINDOW(w), w.in_stride, w.out_stride, (int8_t)q->in_zero, q->in_scale, scales, weights->values, weights->bias,
        (int8_t)q->out_zero, q->out_scale, (int8_t)assay_clamp_min_int(problem), (int8_t)assay_clamp_max_int(problem),
        flags_of(problem), NULL, NULL, &layer->stage[0]);
    free(scales);
    return status;
}

typedef enum xnn_status reshape_fn(xnn_operator_t, size_t, size_t, size_t, size_t *, size_t *, size_t *, size_t *,
                                   pthreadpool_t);

/* Fixes the shape of stage `stage`, and makes its workspace, which follows `before` bytes of the layer's memory. */
static enum xnn_status reshape(struct xnnpack_layer *layer, size_t stage, reshape_fn *reshape_operator,
                               const struct assay_problem *problem, size_t before, void **workspace)
{
    const struct assay_peer_window w = window_of(problem);
    size_t size = 0, alignment = 1, out_h = 0, out_w = 0;
    const enum xnn_status status =
        reshape_operator(layer->stage[stage], w.batch, w.in_h, w.in_w, &size, &alignment, &out_h, &out_w, NULL);
    if (status)
        return status;
    if (out_h != w.out_h || out_w != w.out_w || alignment > ASSAY_PACK_ALIGN)
        return xnn_status_unsupported_parameter;
    char *memory = xnnpack_memory(layer, before + size);
    *workspace = memory ? memory + before : NULL;
    return memory ? xnn_status_success : xnn_status_out_of_memory;
}

#define SETUP(stem, suffix)                                                                                          \
    static enum xnn_status setup_##stem(const struct assay_problem *problem, const struct assay_io *io,              \
                                        struct xnnpack_layer *layer)                                                 \
    {                                                                                                                \
        void *workspace;                                                                                             \
        const enum xnn_status status =                                                                               \
            reshape(layer, 0, xnn_reshape_convolution2d_nhwc_##suffix, problem, 0, &workspace);                      \
        return status ? status : xnn_setup_convolution2d_nhwc_##suffix(layer->stage[0], workspace, io->in, io->out); \
    }
SETUP(f32, f32)
SETUP(f16, f16)
SETUP(i8, qs8_qc8w)

/* Memory: the parameters of each image, the quantized images, the workspace. */
static enum xnn_status setup_hybrid(const struct assay_problem *problem, const struct assay_io *io,
                                    struct xnnpack_layer *layer)
{
    const struct assay_conv_shape *s = &problem->conv;
    const size_t image = s->in_h * s->in_w * s->in_c;
    const size_t params_bytes = assay_round_up(
        (s->batch + XNN_EXTRA_QUANTIZATION_PARAMS) * sizeof(struct xnn_quantization_params), ASSAY_PACK_ALIGN);
    const size_t before = params_bytes + assay_round_up(s->batch * image + XNN_EXTRA_BYTES, ASSAY_PACK_ALIGN);
    void *workspace;
    enum xnn_status status =
        reshape(layer, 1, xnn_reshape_convolution2d_nhwc_qd8_f32_qc8w, problem, before, &workspace);
    if (status)
        return status;
    struct xnn_quantization_params *params = layer->memory;
    int8_t *quantized = (int8_t *)layer->memory + params_bytes;
    status = xnn_reshape_convert_nc_f32_qd8(layer->stage[0], s->batch, image, image, image, NULL);
    if (!status)
        status = xnn_setup_convert_nc_f32_qd8(layer->stage[0], io->in, quantized, params);
    return status ? status
                  : xnn_setup_convolution2d_nhwc_qd8_f32_qc8w(layer->stage[1], workspace, quantized, io->out, params);
}

#define WINDOWED(name, op, mode, accumulator, stem, refuses_) \
    XNNPACK_KERNEL(name, op, mode, ASSAY_DENSE, accumulator, create_##stem, setup_##stem, refuses_)
WINDOWED(conv_f32_xnnpack, ASSAY_OP_CONV, ASSAY_MODE_FP32, ASSAY_ACC_F32, f32, refuses);
WINDOWED(conv_f16_xnnpack, ASSAY_OP_CONV, ASSAY_MODE_FP16, XNNPACK_F16_ACCUMULATOR, f16, refuses);
WINDOWED(conv_hybrid_xnnpack, ASSAY_OP_CONV, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, hybrid, refuses_hybrid);
WINDOWED(conv_i8_xnnpack, ASSAY_OP_CONV, ASSAY_MODE_INT8, ASSAY_ACC_I32, i8, refuses);
/* Depthwise fp16 rounds after each product, on x86 too. No hybrid: XNNPACK has no dynamically quantized depthwise
 * kernel. */
WINDOWED(dwconv_f32_xnnpack, ASSAY_OP_DWCONV, ASSAY_MODE_FP32, ASSAY_ACC_F32, f32, refuses);
WINDOWED(dwconv_f16_xnnpack, ASSAY_OP_DWCONV, ASSAY_MODE_FP16, ASSAY_ACC_F16, f16, refuses);
WINDOWED(dwconv_i8_xnnpack, ASSAY_OP_DWCONV, ASSAY_MODE_INT8, ASSAY_ACC_I32, i8, refuses);

const struct assay_kernel *const xnnpack_convolution[] = {
    &conv_f32_xnnpack,   &conv_f16_xnnpack,   &conv_hybrid_xnnpack, &conv_i8_xnnpack,
    &dwconv_f32_xnnpack, &dwconv_f16_xnnpack, &dwconv_i8_xnnpack,   NULL,
};
