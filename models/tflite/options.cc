#include "models/tflite/reading.h"
#include "models/tflite/tables.h"

namespace assay::tflite
{

/* Without a table all its numbers would be 0, and 0 is no stride, no filter and no variable's name. */
static bool needs_table(enum assay_operator_code code)
{
    switch (code) {
    case ASSAY_OPERATOR_AVERAGE_POOL_2D:
    case ASSAY_OPERATOR_MAX_POOL_2D:
    case ASSAY_OPERATOR_CONV_2D:
    case ASSAY_OPERATOR_DEPTHWISE_CONV_2D:
    case ASSAY_OPERATOR_SOFTMAX:
    case ASSAY_OPERATOR_LEAKY_RELU:
    case ASSAY_OPERATOR_CALL_ONCE:
    case ASSAY_OPERATOR_VAR_HANDLE:
        return true;
    default:
        return false;
    }
}

static bool set_fused(Reading &reading, ActivationFunctionType from, struct assay_operator *to)
{
    if (from < ActivationFunctionType::NONE || from > ActivationFunctionType::TANH)
        return assay_model_fail(reading.error, "has the fused activation number %d, which is not supported",
                                static_cast<int>(from));
    to->fused = static_cast<enum assay_fused>(from); /* the numbers are the format's */
    return true;
}

static bool set_padding(Reading &reading, Padding from, enum assay_padding *to)
{
    if (from != Padding::SAME && from != Padding::VALID)
        return assay_model_fail(reading.error, "has the padding number %d, which is none", static_cast<int>(from));
    *to = from == Padding::SAME ? ASSAY_PAD_SAME : ASSAY_PAD_VALID;
    return true;
}

static bool set_shape(Reading &reading, const flatbuffers::Vector<int32_t> *from, struct assay_operator *to)
{
    struct assay_shape *shape = &to->reshape.shape;
    to->reshape.given = from != nullptr;
    shape->rank = count_of(from);
    if (shape->rank > ASSAY_MAX_RANK)
        return assay_model_fail(reading.error, "names %zu dimensions; at most %d are supported", shape->rank,
                                ASSAY_MAX_RANK);
    for (size_t i = 0; i < shape->rank; i++)
        shape->dims[i] = number_at(from, i);
    return true;
}

static bool read_conv(Reading &reading, const Conv2DOptions *o, struct assay_operator *to)
{
    to->conv.stride_h = o->stride_h();
    to->conv.stride_w = o->stride_w();
    to->conv.dilation_h = o->dilation_h_factor();
    to->conv.dilation_w = o->dilation_w_factor();
    return set_padding(reading, o->padding(), &to->conv.padding) &&
           set_fused(reading, o->fused_activation_function(), to);
}

static bool read_depthwise(Reading &reading, const DepthwiseConv2DOptions *o, struct assay_operator *to)
{
    to->conv.stride_h = o->stride_h();
    to->conv.stride_w = o->stride_w();
    to->conv.dilation_h = o->dilation_h_factor();
    to->conv.dilation_w = o->dilation_w_factor();
    to->conv.multiplier = o->depth_multiplier();
    return set_padding(reading, o->padding(), &to->conv.padding) &&
           set_fused(reading, o->fused_activation_function(), to);
}

static bool read_pool(Reading &reading, const Pool2DOptions *o, struct assay_operator *to)
{
    to->pool.stride_h = o->stride_h();
    to->pool.stride_w = o->stride_w();
    to->pool.filter_h = o->filter_height();
    to->pool.filter_w = o->filter_width();
    return set_padding(reading, o->padding(), &to->pool.padding) &&
           set_fused(reading, o->fused_activation_function(), to);
}

static bool read_fully_connected(Reading &reading, const FullyConnectedOptions *o, struct assay_operator *to)
{
    if (o->weights_format() != FullyConnectedOptionsWeightsFormat::DEFAULT)
        return assay_model_fail(reading.error, "has shuffled weights, which are not supported");
    to->fully_connected.keep_dims = o->keep_num_dims();
    return set_fused(reading, o->fused_activation_function(), to);
}

static void read_strided_slice(const StridedSliceOptions *o, struct assay_operator *to)
{
    to->strided_slice.begin_mask = o->begin_mask();
    to->strided_slice.end_mask = o->end_mask();
    to->strided_slice.ellipsis_mask = o->ellipsis_mask();
    to->strided_slice.new_axis_mask = o->new_axis_mask();
    to->strided_slice.shrink_axis_mask = o->shrink_axis_mask();
    to->strided_slice.offset = o->offset();
}

static bool read_variable(Reading &reading, const VarHandleOptions *o, struct assay_operator *to)
{
    to->variable.container = copy(reading, o->container());
    to->variable.name = copy(reading, o->shared_name());
    return to->variable.container && to->variable.name;
}

bool read_options(Reading &reading, const Operator *from, struct assay_operator *to)
{
    const BuiltinOptions expected = table_of(to->code), found = from->builtin_options_type();
    if (found != BuiltinOptions::NONE && found != expected)
        return assay_model_fail(reading.error, "has the options table number %d; its own is number %d",
                                static_cast<int>(found), static_cast<int>(expected));
    if (found == BuiltinOptions::NONE || !from->builtin_options())
        return !needs_table(to->code) || assay_model_fail(reading.error, "lacks its options");
    switch (found) {
    case BuiltinOptions::Conv2DOptions:
        return read_conv(reading, from->builtin_options_as_Conv2DOptions(), to);
    case BuiltinOptions::DepthwiseConv2DOptions:
        return read_depthwise(reading, from->builtin_options_as_DepthwiseConv2DOptions(), to);
    case BuiltinOptions::Pool2DOptions:
        return read_pool(reading, from->builtin_options_as_Pool2DOptions(), to);
    case BuiltinOptions::FullyConnectedOptions:
        return read_fully_connected(reading, from->builtin_options_as_FullyConnectedOptions(), to);
    case BuiltinOptions::SoftmaxOptions:
        to->softmax.beta = from->builtin_options_as_SoftmaxOptions()->beta();
        return true;
    case BuiltinOptions::ConcatenationOptions: {
        const auto *o = from->builtin_options_as_ConcatenationOptions();
        to->axis.axis = o->axis();
        return set_fused(reading, o->fused_activation_function(), to);
    }
    case BuiltinOptions::AddOptions:
        return set_fused(reading, from->builtin_options_as_AddOptions()->fused_activation_function(), to);
    case BuiltinOptions::SubOptions:
        return set_fused(reading, from->builtin_options_as_SubOptions()->fused_activation_function(), to);
    case BuiltinOptions::MulOptions:
        return set_fused(reading, from->builtin_options_as_MulOptions()->fused_activation_function(), to);
    case BuiltinOptions::L2NormOptions:
        return set_fused(reading, from->builtin_options_as_L2NormOptions()->fused_activation_function(), to);
    case BuiltinOptions::ReshapeOptions:
        return set_shape(reading, from->builtin_options_as_ReshapeOptions()->new_shape(), to);
    case BuiltinOptions::SqueezeOptions:
        return set_shape(reading, from->builtin_options_as_SqueezeOptions()->squeeze_dims(), to);
    case BuiltinOptions::GatherOptions:
        to->axis.axis = from->builtin_options_as_GatherOptions()->axis();
        to->axis.batch_dims = from->builtin_options_as_GatherOptions()->batch_dims();
        return true;
    case BuiltinOptions::ReducerOptions:
        to->reduce.keep_dims = from->builtin_options_as_ReducerOptions()->keep_dims();
        return true;
    case BuiltinOptions::StridedSliceOptions:
        read_strided_slice(from->builtin_options_as_StridedSliceOptions(), to);
        return true;
    case BuiltinOptions::SplitOptions:
        to->split.count = from->builtin_options_as_SplitOptions()->num_splits();
        return true;
    case BuiltinOptions::SplitVOptions:
        to->split.count = from->builtin_options_as_SplitVOptions()->num_splits();
        return true;
    case BuiltinOptions::ResizeBilinearOptions:
        to->resize.align_corners = from->builtin_options_as_ResizeBilinearOptions()->align_corners();
        to->resize.half_pixel_centers = from->builtin_options_as_ResizeBilinearOptions()->half_pixel_centers();
        return true;
    case BuiltinOptions::ResizeNearestNeighborOptions:
        to->resize.align_corners = from->builtin_options_as_ResizeNearestNeighborOptions()->align_corners();
        to->resize.half_pixel_centers = from->builtin_options_as_ResizeNearestNeighborOptions()->half_pixel_centers();
        return true;
    case BuiltinOptions::LeakyReluOptions:
        to->leaky_relu.alpha = from->builtin_options_as_LeakyReluOptions()->alpha();
        return true;
    case BuiltinOptions::BatchMatMulOptions:
        to->batch_matmul.adjoint_x = from->builtin_options_as_BatchMatMulOptions()->adj_x();
        to->batch_matmul.adjoint_y = from->builtin_options_as_BatchMatMulOptions()->adj_y();
        return true;
    case BuiltinOptions::CallOnceOptions:
        to->call_once.subgraph = from->builtin_options_as_CallOnceOptions()->init_subgraph_index();
        return true;
    case BuiltinOptions::VarHandleOptions:
        return read_variable(reading, from->builtin_options_as_VarHandleOptions(), to);
    default:
        return true; /* an empty table */
    }
}

} // namespace assay::tflite
