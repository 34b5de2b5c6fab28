/* What CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED share: a layer of kernels/ behind a node.
 *
 * Modes, by the types of the tensors:
 *   fp32     f32 input, f32 weights                       hybrid   f32 input, int8 weights
 *   fp16w    f32 input, f16 weights, or DEQUANTIZE of them int8     int8 input, int8 weights, int32 bias
 *                                                         int16x8  int16 input, int8 weights, int64 or int32 bias
 * Weights and bias are constants; weights may be stored sparse, as they are or behind a DENSIFY, and are decoded only
 * to be packed, for dense kernels or for those of spmm (models/ops/layer_sparse.h). int8 weights are symmetric (zero
 * point 0), with one scale or one for each output channel. */
#ifndef ASSAY_MODELS_OPS_LAYER_H
#define ASSAY_MODELS_OPS_LAYER_H

#include "kernels/core/kernel.h"
#include "models/ops/op.h"

/* Checks what the three have in common, and fills in `problem` but for op and shape. channel_axis: the weights'
 * dimension of output channels. */
bool assay_layer_check(const struct assay_node *node, size_t channel_axis, struct assay_problem *problem,
                       struct assay_model_error *error);

/* Padding and output size of a convolution, from the node's options. False: the filter fits nowhere, or too much. */
bool assay_layer_window(const struct assay_node *node, size_t in_h, size_t in_w, size_t kernel_h, size_t kernel_w,
                        struct assay_conv_shape *shape, struct assay_model_error *error);

/* prepare, bind and run of such a node. assay_layer_prepare() takes the problem that shape() worked out. */
bool assay_layer_prepare(struct assay_node *node, const struct assay_problem *problem, struct assay_arena *arena,
                         struct assay_model_error *error);
bool assay_layer_bind(struct assay_node *node, struct assay_model_error *error);
void assay_layer_run(struct assay_node *node);

#endif
