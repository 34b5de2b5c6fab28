/* Peer: oneDNN, by its C interface of version 3. What its kernels have in common.
 *
 * run is dnnl_primitive_execute and nothing else. The primitive is made, and the weights brought into the layout it
 * asks for, in pack; prepare sets two pointers. Bias and activation are fused. int8 is computed with the scales as
 * floats, which is how oneDNN rescales: it is not bit-exact, and its error is reported. */
#ifndef ASSAY_SUITES_PEERS_ONEDNN_LAYER_H
#define ASSAY_SUITES_PEERS_ONEDNN_LAYER_H

#include "suites/peers/peer.h"

#include <oneapi/dnnl/dnnl.h>

/* The tensors of a layer in oneDNN's logical order (matmul: MxK, KxN; convolution: NCHW, [G]OIHW), with the strides
 * that they have in memory. */
struct onednn_tensors {
    int dims, weight_dims;
    dnnl_dims_t src, src_strides, dst, dst_strides, weights, weight_strides, bias;
    int scale_mask; /* the dimensions of the weights that a channel's scale goes along */
};

enum { ONEDNN_ARGS_MAX = 9 };

/* `packed` holds a pointer to it. args[0] is the source, args[1] the destination. */
struct onednn_layer {
    dnnl_primitive_t primitive;
    int count;
    dnnl_exec_arg_t args[ONEDNN_ARGS_MAX];
};

/* Makes the primitive's description. */
typedef dnnl_status_t onednn_describe_fn(const struct assay_problem *problem, const_dnnl_memory_desc_t src,
                                         const_dnnl_memory_desc_t weights, const_dnnl_memory_desc_t bias,
                                         const_dnnl_memory_desc_t dst, const_dnnl_primitive_attr_t attributes,
                                         dnnl_primitive_desc_t *description);
struct onednn_kernel {
    void (*tensors)(const struct assay_problem *problem, struct onednn_tensors *tensors);
    onednn_describe_fn *describe;
};

extern const struct onednn_kernel onednn_matmul, onednn_convolution;

/* One engine and one stream for all, made when the plugin is loaded. */
extern dnnl_engine_t onednn_engine;
extern dnnl_stream_t onednn_stream;

/* Keeps oneDNN's runtime to the calling thread; false if it has one that cannot be told to. */
bool onednn_one_thread(void);

dnnl_status_t onednn_create(const struct onednn_kernel *own, const struct assay_problem *problem,
                            const struct assay_weights *weights, struct onednn_layer *layer);
void onednn_delete(struct onednn_layer *layer);

#endif
