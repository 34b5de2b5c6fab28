/* gemm as a matmul, conv and dwconv as convolutions, in oneDNN's terms. */
#include "suites/peers/onednn/layer.h"

#define D(x) ((dnnl_dim_t)(x))

static void set_dims(dnnl_dims_t dims, int count, const dnnl_dim_t *values)
{
    for (int i = 0; i < count; i++)
        dims[i] = values[i];
}
#define SET(dims, ...) \
    set_dims(dims, sizeof((dnnl_dim_t[]){__VA_ARGS__}) / sizeof(dnnl_dim_t), (dnnl_dim_t[]){__VA_ARGS__})

static void matmul_tensors(const struct assay_problem *problem, struct onednn_tensors *t)
{
    const struct assay_gemm_shape *s = &problem->gemm;
    t->dims = t->weight_dims = 2;
    SET(t->src, D(s->m), D(s->k));
    SET(t->src_strides, D(s->in_stride), 1);
    SET(t->dst, D(s->m), D(s->n));
    SET(t->dst_strides, D(s->out_stride), 1);
    SET(t->weights, D(s->k), D(s->n));
    SET(t->weight_strides, 1, D(s->k));
    SET(t->bias, 1, D(s->n));
    t->scale_mask = 1 << 1;
}

static dnnl_status_t describe_matmul(const struct assay_problem *problem, const_dnnl_memory_desc_t src,
                                     const_dnnl_memory_desc_t weights, const_dnnl_memory_desc_t bias,
                                     const_dnnl_memory_desc_t dst, const_dnnl_primitive_attr_t attributes,
                                     dnnl_primitive_desc_t *description)
{
    (void)problem;
    return dnnl_matmul_primitive_desc_create(description, onednn_engine, src, weights, bias, dst, attributes);
}

const struct onednn_kernel onednn_matmul = {matmul_tensors, describe_matmul};

static void convolution_tensors(const struct assay_problem *problem, struct onednn_tensors *t)
{
    struct assay_peer_window w = {0};
    (void)!assay_peer_window(problem, &w); /* supports() has asked already */
    const dnnl_dim_t in_c = D(w.groups * w.group_in), out_c = D(w.groups * w.group_out);
    const dnnl_dim_t kh = D(w.kernel_h), kw = D(w.kernel_w);
    t->dims = 4;
    SET(t->src, D(w.batch), in_c, D(w.in_h), D(w.in_w));
    SET(t->src_strides, D(w.in_h * w.in_w * w.in_stride), 1, D(w.in_w * w.in_stride), D(w.in_stride));
    SET(t->dst, D(w.batch), out_c, D(w.out_h), D(w.out_w));
    SET(t->dst_strides, D(w.out_h * w.out_w * w.out_stride), 1, D(w.out_w * w.out_stride), D(w.out_stride));
    SET(t->bias, out_c);
    if (problem->op == ASSAY_OP_CONV) {
        t->weight_dims = 4;
        SET(t->weights, out_c, in_c, kh, kw);
        SET(t->weight_strides, kh * kw * in_c, 1, kw * in_c, in_c);
        t->scale_mask = 1 << 0;
    } else {
        t->weight_dims = 5; /* a group for each input channel, of 1 input and `multiplier` outputs */
        SET(t->weights, D(w.groups), D(w.group_out), 1, kh, kw);
        SET(t->weight_strides, D(w.group_out), 1, 1, kw * out_c, out_c);
        t->scale_mask = 1 << 0 | 1 << 1;
    }
}

static dnnl_status_t describe_convolution(const struct assay_problem *problem, const_dnnl_memory_desc_t src,
                                          const_dnnl_memory_desc_t weights, const_dnnl_memory_desc_t bias,
                                          const_dnnl_memory_desc_t dst, const_dnnl_primitive_attr_t attributes,
                                          dnnl_primitive_desc_t *description)
{
    struct assay_peer_window w = {0};
    (void)!assay_peer_window(problem, &w);
    const dnnl_dims_t strides = {D(w.stride_h), D(w.stride_w)}, before = {D(w.pad_top), D(w.pad_left)};
    const dnnl_dims_t after = {D(w.pad_bottom), D(w.pad_right)};
    const dnnl_dims_t dilations = {D(w.dilation_h - 1), D(w.dilation_w - 1)}; /* oneDNN counts the holes */
    return dnnl_convolution_forward_primitive_desc_create(description, onednn_engine, dnnl_forward_inference,
                                                          dnnl_convolution_direct, src, weights, bias, dst, strides,
                                                          dilations, before, after, attributes);
}

const struct onednn_kernel onednn_convolution = {convolution_tensors, describe_convolution};
