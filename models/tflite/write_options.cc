#include "models/tflite/tables.h"
#include "models/tflite/versions.h"
#include "models/tflite/writing.h"

namespace assay::tflite
{

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

bool takes_fused(enum assay_operator_code code)
{
    switch (table_of(code)) {
    case BuiltinOptions::Conv2DOptions:
    case BuiltinOptions::DepthwiseConv2DOptions:
    case BuiltinOptions::Pool2DOptions:
    case BuiltinOptions::FullyConnectedOptions:
    case BuiltinOptions::ConcatenationOptions:
    case BuiltinOptions::AddOptions:
    case BuiltinOptions::SubOptions:
    case BuiltinOptions::MulOptions:
    case BuiltinOptions::L2NormOptions:
        return true;
    default:
        return false;
    }
}

static ActivationFunctionType fused(const struct assay_operator *op)
{
    return static_cast<ActivationFunctionType>(op->fused); /* the numbers are the format's */
}

static Padding padding(enum assay_padding from)
{
    return from == ASSAY_PAD_SAME ? Padding::SAME : Padding::VALID;
}

static Offset<void> write_conv(FlatBufferBuilder &builder, const struct assay_operator *op)
{
    Conv2DOptionsBuilder options(builder);
    options.add_padding(padding(op->conv.padding));
    options.add_stride_w(op->conv.stride_w);
    options.add_stride_h(op->conv.stride_h);
    options.add_fused_activation_function(fused(op));
    options.add_dilation_w_factor(op->conv.dilation_w);
    options.add_dilation_h_factor(op->conv.dilation_h);
    return options.Finish().Union();
}

static Offset<void> write_depthwise(FlatBufferBuilder &builder, const struct assay_operator *op)
{
    DepthwiseConv2DOptionsBuilder options(builder);
    options.add_padding(padding(op->conv.padding));
    options.add_stride_w(op->conv.stride_w);
    options.add_stride_h(op->conv.stride_h);
    options.add_depth_multiplier(op->conv.multiplier);
    options.add_fused_activation_function(fused(op));
    options.add_dilation_w_factor(op->conv.dilation_w);
    options.add_dilation_h_factor(op->conv.dilation_h);
    return options.Finish().Union();
}

static Offset<void> write_pool(FlatBufferBuilder &builder, const struct assay_operator *op)
{
    Pool2DOptionsBuilder options(builder);
    options.add_padding(padding(op->pool.padding));
    options.add_stride_w(op->pool.stride_w);
    options.add_stride_h(op->pool.stride_h);
    options.add_filter_width(op->pool.filter_w);
    options.add_filter_height(op->pool.filter_h);
    options.add_fused_activation_function(fused(op));
    return options.Finish().Union();
}

static Offset<void> write_fully_connected(FlatBufferBuilder &builder, const struct assay_operator *op, bool hybrid)
{
    FullyConnectedOptionsBuilder options(builder);
    options.add_fused_activation_function(fused(op));
    options.add_keep_num_dims(op->fully_connected.keep_dims);
    options.add_asymmetric_quantize_inputs(hybrid);
    return options.Finish().Union();
}

static Offset<void> write_strided_slice(FlatBufferBuilder &builder, const struct assay_operator *op)
{
    StridedSliceOptionsBuilder options(builder);
    options.add_begin_mask(op->strided_slice.begin_mask);
    options.add_end_mask(op->strided_slice.end_mask);
    options.add_ellipsis_mask(op->strided_slice.ellipsis_mask);
    options.add_new_axis_mask(op->strided_slice.new_axis_mask);
    options.add_shrink_axis_mask(op->strided_slice.shrink_axis_mask);
    options.add_offset(op->strided_slice.offset);
    return options.Finish().Union();
}

static Offset<void> write_reshape(FlatBufferBuilder &builder, const struct assay_operator *op)
{
    Offset<flatbuffers::Vector<int32_t>> shape = 0;
    if (op->reshape.given)
        shape = builder.CreateVector(op->reshape.shape.dims, op->reshape.shape.rank);
    return CreateReshapeOptions(builder, shape).Union();
}

static Offset<void> write_variable(FlatBufferBuilder &builder, const struct assay_operator *op)
{
    const auto container = builder.CreateString(op->variable.container);
    const auto name = builder.CreateString(op->variable.name);
    return CreateVarHandleOptions(builder, container, name).Union();
}

/* Sums of int16 are rescaled by any factor, as the converters of today have it, not by powers of two alone. */
static bool powers_of_two(const struct assay_subgraph *subgraph, const struct assay_operator *op)
{
    return subgraph->tensors[op->inputs[0]].type != ASSAY_TENSOR_I16;
}

Offset<void> write_options(Writing &writing, const struct assay_subgraph *subgraph, const struct assay_operator *from)
{
    FlatBufferBuilder &builder = writing.builder;
    switch (table_of(from->code)) {
    case BuiltinOptions::Conv2DOptions:
        return write_conv(builder, from);
    case BuiltinOptions::DepthwiseConv2DOptions:
        return write_depthwise(builder, from);
    case BuiltinOptions::Pool2DOptions:
        return write_pool(builder, from);
    case BuiltinOptions::FullyConnectedOptions:
        return write_fully_connected(builder, from, assay_tflite_is_hybrid(subgraph, from));
    case BuiltinOptions::SoftmaxOptions:
        return CreateSoftmaxOptions(builder, from->softmax.beta).Union();
    case BuiltinOptions::ConcatenationOptions:
        return CreateConcatenationOptions(builder, from->axis.axis, fused(from)).Union();
    case BuiltinOptions::AddOptions:
        return CreateAddOptions(builder, fused(from), powers_of_two(subgraph, from)).Union();
    case BuiltinOptions::SubOptions:
        return CreateSubOptions(builder, fused(from), powers_of_two(subgraph, from)).Union();
    case BuiltinOptions::MulOptions:
        return CreateMulOptions(builder, fused(from)).Union();
    case BuiltinOptions::L2NormOptions:
        return CreateL2NormOptions(builder, fused(from)).Union();
    case BuiltinOptions::ReshapeOptions:
        return write_reshape(builder, from);
    case BuiltinOptions::SqueezeOptions:
        return CreateSqueezeOptions(builder, builder.CreateVector(from->reshape.shape.dims, from->reshape.shape.rank))
            .Union();
    case BuiltinOptions::GatherOptions:
        return CreateGatherOptions(builder, from->axis.axis, from->axis.batch_dims).Union();
    case BuiltinOptions::ReducerOptions:
        return CreateReducerOptions(builder, from->reduce.keep_dims).Union();
    case BuiltinOptions::StridedSliceOptions:
        return write_strided_slice(builder, from);
    case BuiltinOptions::SplitOptions:
        return CreateSplitOptions(builder, from->split.count).Union();
    case BuiltinOptions::SplitVOptions:
        return CreateSplitVOptions(builder, from->split.count).Union();
    case BuiltinOptions::ResizeBilinearOptions:
        return CreateResizeBilinearOptions(builder, from->resize.align_corners, from->resize.half_pixel_centers)
            .Union();
    case BuiltinOptions::ResizeNearestNeighborOptions:
        return CreateResizeNearestNeighborOptions(builder, from->resize.align_corners, from->resize.half_pixel_centers)
            .Union();
    case BuiltinOptions::LeakyReluOptions:
        return CreateLeakyReluOptions(builder, from->leaky_relu.alpha).Union();
    case BuiltinOptions::BatchMatMulOptions:
        return CreateBatchMatMulOptions(builder, from->batch_matmul.adjoint_x, from->batch_matmul.adjoint_y,
                                        assay_tflite_is_hybrid(subgraph, from))
            .Union();
    case BuiltinOptions::CallOnceOptions:
        return CreateCallOnceOptions(builder, from->call_once.subgraph).Union();
    case BuiltinOptions::VarHandleOptions:
        return write_variable(builder, from);
    default:
        return builder.EndTable(builder.StartTable()); /* a table without fields: they are all alike */
    }
}

} // namespace assay::tflite
