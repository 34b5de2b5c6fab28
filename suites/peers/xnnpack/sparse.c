/* spmm by XNNPACK's sparse 1x1 convolution, which exists in f32 and NCHW alone. It finds the zeros, and blocks of 2 or
 * 4 output channels that are zero together, by itself, whatever structure they were given in.
 *
 * The contract's rows are NHWC, so run transposes the input, multiplies, and transposes the output, each by an XNNPACK
 * operator: the price of putting one sparse layer into a network of NHWC layers, and the `_nchw` in the name. A network
 * that stays in NCHW throughout pays it only at its borders (docs/measuring.md says how much it is). */
#include "suites/peers/xnnpack/layer.h"

static const char *refuses(const struct assay_problem *problem)
{
    const struct assay_gemm_shape *s = &problem->gemm;
    return s->in_stride == s->k && s->out_stride == s->n ? NULL : "XNNPACK's transposition takes no gaps between rows";
}

static enum xnn_status create(const struct assay_problem *problem, const struct assay_weights *weights,
                              struct xnnpack_layer *layer)
{
    const struct assay_gemm_shape *s = &problem->gemm;
    enum xnn_status status = xnn_create_transpose_nd_x32(0, &layer->stage[0]);
    if (!status)
        status = xnn_create_convolution2d_nchw_f32(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, s->k, s->n, s->k, s->n,
                                                   weights->values, weights->bias, assay_clamp_min(problem),
                                                   assay_clamp_max(problem), 0, NULL, NULL, &layer->stage[1]);
    return status ? status : xnn_create_transpose_nd_x32(0, &layer->stage[2]);
}

static enum xnn_status setup_transpose(xnn_operator_t op, size_t rows, size_t columns, const void *in, void *out)
{
    const size_t shape[2] = {rows, columns}, permutation[2] = {1, 0};
    const enum xnn_status status = xnn_reshape_transpose_nd_x32(op, 2, shape, permutation, NULL);
    return status ? status : xnn_setup_transpose_nd_x32(op, in, out);
}

/* Memory: the transposed input, then the transposed output. */
static enum xnn_status setup(const struct assay_problem *problem, const struct assay_io *io,
                             struct xnnpack_layer *layer)
{
    const struct assay_gemm_shape *s = &problem->gemm;
    const size_t in_bytes = assay_round_up(s->m * s->k * sizeof(float) + XNN_EXTRA_BYTES, ASSAY_PACK_ALIGN);
    char *in = xnnpack_memory(layer, in_bytes + s->m * s->n * sizeof(float));
    if (!in)
        return xnn_status_out_of_memory;
    float *out = (float *)(void *)(in + in_bytes);
    size_t out_h, out_w;
    enum xnn_status status = setup_transpose(layer->stage[0], s->m, s->k, io->in, in);
    if (!status)
        status = xnn_reshape_convolution2d_nchw_f32(layer->stage[1], 1, 1, s->m, &out_h, &out_w, NULL);
    if (!status)
        status = xnn_setup_convolution2d_nchw_f32(layer->stage[1], (const float *)(const void *)in, out);
    return status ? status : setup_transpose(layer->stage[2], s->n, s->m, out, io->out);
}

#define SPARSE(name, structure) \
    XNNPACK_KERNEL(name, ASSAY_OP_SPMM, ASSAY_MODE_FP32, structure, ASSAY_ACC_F32, create, setup, refuses)
SPARSE(spmm_f32_csr_xnnpack_nchw, ASSAY_RANDOM);
SPARSE(spmm_f32_bsr1x4_xnnpack_nchw, ASSAY_BLOCK_1X4);
SPARSE(spmm_f32_bsr4x1_xnnpack_nchw, ASSAY_BLOCK_4X1);
SPARSE(spmm_f32_bsr1x16_xnnpack_nchw, ASSAY_BLOCK_1X16);
SPARSE(spmm_f32_bsr16x4_xnnpack_nchw, ASSAY_BLOCK_16X4);

const struct assay_kernel *const xnnpack_sparse[] = {
    &spmm_f32_csr_xnnpack_nchw,     &spmm_f32_bsr1x4_xnnpack_nchw,  &spmm_f32_bsr4x1_xnnpack_nchw,
    &spmm_f32_bsr1x16_xnnpack_nchw, &spmm_f32_bsr16x4_xnnpack_nchw, NULL,
};
