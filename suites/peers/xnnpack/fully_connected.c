/* gemm by XNNPACK's fully connected operators. */
#include "suites/peers/xnnpack/layer.h"

#include <stdlib.h>

static enum xnn_status create_f32(const struct assay_problem *problem, const struct assay_weights *weights,
                                  struct xnnpack_layer *layer)
{
    const struct assay_gemm_shape *s = &problem->gemm;
    return xnn_create_fully_connected_nc_f32(s->k, s->n, s->in_stride, s->out_stride, weights->values, weights->bias,
                                             assay_clamp_min(problem), assay_clamp_max(problem), 0, NULL, NULL,
                                             &layer->stage[0]);
}

static enum xnn_status setup_f32(const struct assay_problem *problem, const struct assay_io *io,
                                 struct xnnpack_layer *layer)
{
    const enum xnn_status status = xnn_reshape_fully_connected_nc_f32(layer->stage[0], problem->gemm.m, NULL);
    return status ? status : xnn_setup_fully_connected_nc_f32(layer->stage[0], io->in, io->out);
}

/* Weights go over as f32, because the bias, which is f32 here, must have the same type; XNNPACK rounds both to f16. */
static enum xnn_status create_f16(const struct assay_problem *problem, const struct assay_weights *weights,
                                  struct xnnpack_layer *layer)
{
    const struct assay_gemm_shape *s = &problem->gemm;
    float *values = xnnpack_weights_as_f32(problem, weights);
    if (!values)
        return xnn_status_out_of_memory;
    const enum xnn_status status = xnn_create_fully_connected_nc_f16(
        s->k, s->n, s->in_stride, s->out_stride, values, weights->bias, assay_clamp_min(problem),
        assay_clamp_max(problem), XNN_FLAG_FP32_STATIC_WEIGHTS, NULL, NULL, &layer->stage[0]);
    free(values);
    return status;
}

static enum xnn_status setup_f16(const struct assay_problem *problem, const struct assay_io *io,
                                 struct xnnpack_layer *layer)
{
    const enum xnn_status status = xnn_reshape_fully_connected_nc_f16(layer->stage[0], problem->gemm.m, NULL);
    return status ? status : xnn_setup_fully_connected_nc_f16(layer->stage[0], io->in, io->out);
}

static enum xnn_status create_hybrid(const struct assay_problem *problem, const struct assay_weights *weights,
                                     struct xnnpack_layer *layer)
{
    const struct assay_gemm_shape *s = &problem->gemm;
    const enum xnn_status status = xnn_create_convert_nc_f32_qd8(0, &layer->stage[0]);
    return status
               ? status
               : xnn_create_fully_connected_nc_qd8_f32_qc8w(s->k, s->n, s->k, s->out_stride, weights->scale,
                                                            weights->values, weights->bias, assay_clamp_min(problem),
                                                            assay_clamp_max(problem), 0, NULL, NULL, &layer->stage[1]);
}

/* Memory: the parameters of each row, then the quantized rows. */
static enum xnn_status setup_hybrid(const struct assay_problem *problem, const struct assay_io *io,
                                    struct xnnpack_layer *layer)
{
    const struct assay_gemm_shape *s = &problem->gemm;
    const size_t params_bytes = (s->m + XNN_EXTRA_QUANTIZATION_PARAMS) * sizeof(struct xnn_quantization_params);
    struct xnn_quantization_params *params = xnnpack_memory(layer, params_bytes + s->m * s->k);
    if (!params)
        return xnn_status_out_of_memory;
    int8_t *quantized = (int8_t *)params + params_bytes;
    enum xnn_status status = xnn_reshape_convert_nc_f32_qd8(layer->stage[0], s->m, s->k, s->in_stride, s->k, NULL);
    if (!status)
        status = xnn_setup_convert_nc_f32_qd8(layer->stage[0], io->in, quantized, params);
    if (!status)
        status = xnn_reshape_fully_connected_nc_qd8_f32_qc8w(layer->stage[1], s->m, NULL);
    return status ? status : xnn_setup_fully_connected_nc_qd8_f32_qc8w(layer->stage[1], quantized, io->out, params);
}

static enum xnn_status create_i8(const struct assay_problem *problem, const struct assay_weights *weights,
                                 struct xnnpack_layer *layer)
{
    const struct assay_gemm_shape *s = &problem->gemm;
    const struct assay_quantization *q = &problem->quantization;
    float *scales = xnnpack_weight_scales(problem, weights);
    if (!scales)
        return xnn_status_out_of_memory;
    const enum xnn_status status = xnn_create_fully_connected_nc_qs8_qc8w(
        s->k, s->n, s->in_stride, s->out_stride, (int8_t)q->in_zero, q->in_scale, scales, weights->values,
        weights->bias, (int8_t)q->out_zero, q->out_scale, (int8_t)assay_clamp_min_int(problem),
        (int8_t)assay_clamp_max_int(problem), 0, NULL, NULL, &layer->stage[0]);
    free(scales);
    return status;
}

static enum xnn_status setup_i8(const struct assay_problem *problem, const struct assay_io *io,
                                struct xnnpack_layer *layer)
{
    const enum xnn_status status = xnn_reshape_fully_connected_nc_qs8_qc8w(layer->stage[0], problem->gemm.m, NULL);
    return status ? status : xnn_setup_fully_connected_nc_qs8_qc8w(layer->stage[0], io->in, io->out);
}

#define GEMM(name, mode, accumulator, stem) \
    XNNPACK_KERNEL(name, ASSAY_OP_GEMM, mode, ASSAY_DENSE, accumulator, create_##stem, setup_##stem, NULL)
GEMM(gemm_f32_xnnpack, ASSAY_MODE_FP32, ASSAY_ACC_F32, f32);
GEMM(gemm_f16_xnnpack, ASSAY_MODE_FP16, XNNPACK_F16_ACCUMULATOR, f16);
GEMM(gemm_hybrid_xnnpack, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, hybrid);
GEMM(gemm_i8_xnnpack, ASSAY_MODE_INT8, ASSAY_ACC_I32, i8);

const struct assay_kernel *const xnnpack_fully_connected[] = {
    &gemm_f32_xnnpack, &gemm_f16_xnnpack, &gemm_hybrid_xnnpack, &gemm_i8_xnnpack, NULL,
};
