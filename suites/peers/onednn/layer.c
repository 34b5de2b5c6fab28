#include "suites/peers/onednn/layer.h"

#include <stdlib.h>

#define TRY(call)                             \
    do {                                      \
        const dnnl_status_t status_ = (call); \
        if (status_ != dnnl_success)          \
            return status_;                   \
    } while (0)

static dnnl_data_type_t data_type(enum assay_type type)
{
    return type == ASSAY_I8 ? dnnl_s8 : dnnl_f32;
}

/* The argument `arg` of the primitive: memory of its own where `handle` is DNNL_MEMORY_ALLOCATE. */
static dnnl_status_t add_argument(struct onednn_layer *layer, int arg, const_dnnl_memory_desc_t description,
                                  void *handle)
{
    dnnl_memory_t memory;
    TRY(dnnl_memory_create(&memory, description, onednn_engine, handle));
    layer->args[layer->count++] = (dnnl_exec_arg_t){arg, memory};
    return dnnl_success;
}

/* A vector of `count` elements as an argument, and where to write them. */
static dnnl_status_t add_vector(struct onednn_layer *layer, int arg, size_t count, dnnl_data_type_t type, void **data)
{
    const dnnl_dims_t dims = {(dnnl_dim_t)count};
    dnnl_memory_desc_t description;
    TRY(dnnl_memory_desc_create_with_tag(&description, 1, dims, type, dnnl_a));
    const dnnl_status_t status = add_argument(layer, arg, description, DNNL_MEMORY_ALLOCATE);
    dnnl_memory_desc_destroy(description);
    return status ? status : dnnl_memory_get_data_handle(layer->args[layer->count - 1].memory, data);
}

static dnnl_status_t add_scale(struct onednn_layer *layer, int arg, float scale)
{
    void *data;
    TRY(add_vector(layer, DNNL_ARG_ATTR_SCALES | arg, 1, dnnl_f32, &data));
    *(float *)data = scale;
    return dnnl_success;
}

static dnnl_status_t add_zero_point(struct onednn_layer *layer, int arg, int32_t zero)
{
    if (zero == 0)
        return dnnl_success;
    void *data;
    TRY(add_vector(layer, DNNL_ARG_ATTR_ZERO_POINTS | arg, 1, dnnl_s32, &data));
    *(int32_t *)data = zero;
    return dnnl_success;
}

/* oneDNN adds the bias to real sums: in int8 it is given as in_scale * scale[c] * bias[c]. */
static dnnl_status_t add_constants(struct onednn_layer *layer, const struct assay_problem *problem,
                                   const struct assay_weights *weights, const_dnnl_memory_desc_t bias_description)
{
    const size_t channels = assay_problem_channels(problem);
    void *data;
    TRY(add_argument(layer, DNNL_ARG_BIAS, bias_description, DNNL_MEMORY_ALLOCATE));
    TRY(dnnl_memory_get_data_handle(layer->args[layer->count - 1].memory, &data));
    float *bias = data;
    if (problem->mode == ASSAY_MODE_FP32) {
        for (size_t c = 0; c < channels; c++)
            bias[c] = weights->bias ? ((const float *)weights->bias)[c] : 0.0f;
        return dnnl_success;
    }
    const struct assay_quantization *q = &problem->quantization;
    TRY(add_vector(layer, DNNL_ARG_ATTR_SCALES | DNNL_ARG_WEIGHTS, channels, dnnl_f32, &data));
    float *scales = data;
    for (size_t c = 0; c < channels; c++) {
        scales[c] = assay_peer_weight_scale(problem, weights, c);
        bias[c] = weights->bias ? (float)((const int32_t *)weights->bias)[c] * q->in_scale * scales[c] : 0.0f;
    }
    TRY(add_scale(layer, DNNL_ARG_SRC, q->in_scale));
    TRY(add_scale(layer, DNNL_ARG_DST, q->out_scale));
    TRY(add_zero_point(layer, DNNL_ARG_SRC, q->in_zero));
    return add_zero_point(layer, DNNL_ARG_DST, q->out_zero);
}

static dnnl_status_t set_attributes(dnnl_primitive_attr_t attributes, const struct assay_problem *problem,
                                    int scale_mask)
{
    if (problem->mode == ASSAY_MODE_INT8) {
        TRY(dnnl_primitive_attr_set_scales_mask(attributes, DNNL_ARG_SRC, 0));
        TRY(dnnl_primitive_attr_set_scales_mask(attributes, DNNL_ARG_WEIGHTS, scale_mask));
        TRY(dnnl_primitive_attr_set_scales_mask(attributes, DNNL_ARG_DST, 0));
        if (problem->quantization.in_zero != 0)
            TRY(dnnl_primitive_attr_set_zero_points_mask(attributes, DNNL_ARG_SRC, 0));
        if (problem->quantization.out_zero != 0)
            TRY(dnnl_primitive_attr_set_zero_points_mask(attributes, DNNL_ARG_DST, 0));
    }
    if (!assay_clamps(problem))
        return dnnl_success;
    const bool relu6 = problem->activation == ASSAY_ACT_RELU6;
    dnnl_post_ops_t post_ops;
    TRY(dnnl_post_ops_create(&post_ops));
    dnnl_status_t status = dnnl_post_ops_append_eltwise(post_ops, relu6 ? dnnl_eltwise_clip : dnnl_eltwise_relu, 0.0f,
                                                        relu6 ? assay_clamp_max(problem) : 0.0f);
    if (!status)
        status = dnnl_primitive_attr_set_post_ops(attributes, post_ops);
    dnnl_post_ops_destroy(post_ops);
    return status;
}

/* Copies the weights into the layout that the primitive asks for. */
static dnnl_status_t reorder(const_dnnl_memory_desc_t from_description, const void *values,
                             const_dnnl_memory_desc_t to_description, dnnl_memory_t to)
{
    dnnl_memory_t from = NULL;
    dnnl_primitive_desc_t description = NULL;
    dnnl_primitive_t primitive = NULL;
    /* It is only read: the interface has no word for that. */
    dnnl_status_t status = dnnl_memory_create(&from, from_description, onednn_engine, (void *)(uintptr_t)values);
    if (!status)
        status = dnnl_reorder_primitive_desc_create(&description, from_description, onednn_engine, to_description,
                                                    onednn_engine, NULL);
    if (!status)
        status = dnnl_primitive_create(&primitive, description);
    const dnnl_exec_arg_t args[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
    if (!status)
        status = dnnl_primitive_execute(primitive, onednn_stream, 2, args);
    if (!status)
        status = dnnl_stream_wait(onednn_stream);
    dnnl_primitive_destroy(primitive);
    dnnl_primitive_desc_destroy(description);
    dnnl_memory_destroy(from);
    return status;
}

static dnnl_status_t fill(struct onednn_layer *layer, const struct assay_problem *problem,
                          const struct assay_weights *weights, const_dnnl_memory_desc_t user_weights,
                          const_dnnl_memory_desc_t bias, const_dnnl_primitive_desc_t description)
{
    TRY(add_argument(layer, DNNL_ARG_SRC, dnnl_primitive_desc_query_md(description, dnnl_query_src_md, 0),
                     DNNL_MEMORY_NONE));
    TRY(add_argument(layer, DNNL_ARG_DST, dnnl_primitive_desc_query_md(description, dnnl_query_dst_md, 0),
                     DNNL_MEMORY_NONE));
    const_dnnl_memory_desc_t wanted = dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0);
    TRY(add_argument(layer, DNNL_ARG_WEIGHTS, wanted, DNNL_MEMORY_ALLOCATE));
    TRY(reorder(user_weights, weights->values, wanted, layer->args[layer->count - 1].memory));
    TRY(add_constants(layer, problem, weights, bias));
    return dnnl_primitive_create(&layer->primitive, description);
}

dnnl_status_t onednn_create(const struct onednn_kernel *own, const struct assay_problem *problem,
                            const struct assay_weights *weights, struct onednn_layer *layer)
{
    struct onednn_tensors t = {0};
    own->tensors(problem, &t);
    const dnnl_data_type_t io_type = data_type(assay_mode_input(problem->mode));
    const dnnl_data_type_t weight_type = data_type(assay_mode_weight(problem->mode));
    dnnl_memory_desc_t src = NULL, dst = NULL, user_weights = NULL, any_weights = NULL, bias = NULL;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t description = NULL;
    /* The bias has the dimensions of a matmul's output, or is a vector. */
    const bool flat = t.bias[1] == 0;
    dnnl_status_t status = dnnl_memory_desc_create_with_strides(&src, t.dims, t.src, io_type, t.src_strides);
    if (!status)
        status = dnnl_memory_desc_create_with_strides(&dst, t.dims, t.dst, io_type, t.dst_strides);
    if (!status)
        status = dnnl_memory_desc_create_with_strides(&user_weights, t.weight_dims, t.weights, weight_type,
                                                      t.weight_strides);
    if (!status)
        status =
            dnnl_memory_desc_create_with_tag(&any_weights, t.weight_dims, t.weights, weight_type, dnnl_format_tag_any);
    if (!status)
        status = dnnl_memory_desc_create_with_tag(&bias, flat ? 1 : 2, t.bias, dnnl_f32, flat ? dnnl_a : dnnl_ab);
    if (!status)
        status = dnnl_primitive_attr_create(&attributes);
    if (!status)
        status = set_attributes(attributes, problem, t.scale_mask);
    if (!status)
        status = own->describe(problem, src, any_weights, bias, dst, attributes, &description);
    if (!status)
        status = fill(layer, problem, weights, user_weights, bias, description);
    dnnl_primitive_desc_destroy(description);
    dnnl_primitive_attr_destroy(attributes);
    dnnl_memory_desc_destroy(bias);
    dnnl_memory_desc_destroy(any_weights);
    dnnl_memory_desc_destroy(user_weights);
    dnnl_memory_desc_destroy(dst);
    dnnl_memory_desc_destroy(src);
    return status;
}

void onednn_delete(struct onednn_layer *layer)
{
    for (int i = 0; i < layer->count; i++)
        dnnl_memory_destroy(layer->args[i].memory);
    dnnl_primitive_destroy(layer->primitive);
    free(layer);
}
