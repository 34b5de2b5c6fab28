#include "models/tflite/tables.h"

namespace assay::tflite
{

BuiltinOptions table_of(enum assay_operator_code code)
{
    switch (code) {
    case ASSAY_OPERATOR_ADD:
        return BuiltinOptions::AddOptions;
    case ASSAY_OPERATOR_AVERAGE_POOL_2D:
    case ASSAY_OPERATOR_MAX_POOL_2D:
        return BuiltinOptions::Pool2DOptions;
    case ASSAY_OPERATOR_CONCATENATION:
        return BuiltinOptions::ConcatenationOptions;
    case ASSAY_OPERATOR_CONV_2D:
        return BuiltinOptions::Conv2DOptions;
    case ASSAY_OPERATOR_DEPTHWISE_CONV_2D:
        return BuiltinOptions::DepthwiseConv2DOptions;
    case ASSAY_OPERATOR_DEQUANTIZE:
        return BuiltinOptions::DequantizeOptions;
    case ASSAY_OPERATOR_FULLY_CONNECTED:
        return BuiltinOptions::FullyConnectedOptions;
    case ASSAY_OPERATOR_L2_NORMALIZATION:
        return BuiltinOptions::L2NormOptions;
    case ASSAY_OPERATOR_MUL:
        return BuiltinOptions::MulOptions;
    case ASSAY_OPERATOR_RESHAPE:
        return BuiltinOptions::ReshapeOptions;
    case ASSAY_OPERATOR_RESIZE_BILINEAR:
        return BuiltinOptions::ResizeBilinearOptions;
    case ASSAY_OPERATOR_SOFTMAX:
        return BuiltinOptions::SoftmaxOptions;
    case ASSAY_OPERATOR_PAD:
        return BuiltinOptions::PadOptions;
    case ASSAY_OPERATOR_GATHER:
        return BuiltinOptions::GatherOptions;
    case ASSAY_OPERATOR_TRANSPOSE:
        return BuiltinOptions::TransposeOptions;
    case ASSAY_OPERATOR_MEAN:
        return BuiltinOptions::ReducerOptions;
    case ASSAY_OPERATOR_SUB:
        return BuiltinOptions::SubOptions;
    case ASSAY_OPERATOR_SQUEEZE:
        return BuiltinOptions::SqueezeOptions;
    case ASSAY_OPERATOR_STRIDED_SLICE:
        return BuiltinOptions::StridedSliceOptions;
    case ASSAY_OPERATOR_SPLIT:
        return BuiltinOptions::SplitOptions;
    case ASSAY_OPERATOR_SLICE:
        return BuiltinOptions::SliceOptions;
    case ASSAY_OPERATOR_EXPAND_DIMS:
        return BuiltinOptions::ExpandDimsOptions;
    case ASSAY_OPERATOR_RESIZE_NEAREST_NEIGHBOR:
        return BuiltinOptions::ResizeNearestNeighborOptions;
    case ASSAY_OPERATOR_LEAKY_RELU:
        return BuiltinOptions::LeakyReluOptions;
    case ASSAY_OPERATOR_SPLIT_V:
        return BuiltinOptions::SplitVOptions;
    case ASSAY_OPERATOR_QUANTIZE:
        return BuiltinOptions::QuantizeOptions;
    case ASSAY_OPERATOR_HARD_SWISH:
        return BuiltinOptions::HardSwishOptions;
    case ASSAY_OPERATOR_DENSIFY:
        return BuiltinOptions::DensifyOptions;
    case ASSAY_OPERATOR_BATCH_MATMUL:
        return BuiltinOptions::BatchMatMulOptions;
    case ASSAY_OPERATOR_CALL_ONCE:
        return BuiltinOptions::CallOnceOptions;
    case ASSAY_OPERATOR_VAR_HANDLE:
        return BuiltinOptions::VarHandleOptions;
    case ASSAY_OPERATOR_READ_VARIABLE:
        return BuiltinOptions::ReadVariableOptions;
    case ASSAY_OPERATOR_ASSIGN_VARIABLE:
        return BuiltinOptions::AssignVariableOptions;
    default:
        return BuiltinOptions::NONE;
    }
}

} // namespace assay::tflite
